package io.hbagent.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The measurements of one variant, one value per round. */
final class Sample {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double median() {
    return quantile(0.5);
  }

  double quantile(double q) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    double position = q * (sorted.size() - 1);
    int below = (int) position;
    double above = sorted.get(Math.min(below + 1, sorted.size() - 1));
    return sorted.get(below) + (position - below) * (above - sorted.get(below));
  }
}
