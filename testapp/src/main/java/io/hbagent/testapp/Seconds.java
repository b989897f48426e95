package io.hbagent.testapp;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option's seconds, {@code 5} or {@code 0.5}, as milliseconds. */
public final class Seconds implements ITypeConverter<Long> {
  @Override
  public Long convert(String value) {
    if (!value.matches("\\d{1,9}(\\.\\d{1,3})?")) {
      throw new TypeConversionException(
          "'" + value + "' is not a number of seconds such as 5 or 0.5");
    }
    return Math.round(Double.parseDouble(value) * 1000);
  }

  /** {@code 9.1 s}: the time since a {@link System#nanoTime} reading, for a person. */
  public static String since(long nanoTime) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - nanoTime) / 1e9);
  }
}
