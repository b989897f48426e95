package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The drawing in docs is what agent/src/bench/timeline makes, and shows what the text says. */
class TimelineSvgTest {

  private static final Path FILE = Path.of("../docs/half-open.svg");

  private static final Pattern LANE =
      Pattern.compile(
          "data-half-open='(-?\\d+)' data-dead='(-?\\d+)' data-probes='([^']*)'"
              + " data-retransmits='([^']*)'>([^<]*)<");

  private static List<Timeline.Lane> lanes(String svg) {
    List<Timeline.Lane> lanes = new ArrayList<>();
    Matcher matcher = LANE.matcher(svg);
    while (matcher.find()) {
      Timeline.Lane lane = new Timeline.Lane(matcher.group(5), matcher.group(5).contains("data"));
      lane.halfOpen = Long.parseLong(matcher.group(1));
      lane.dead = Long.parseLong(matcher.group(2));
      lane.probes.addAll(steps(matcher.group(3)));
      lane.retransmits.addAll(steps(matcher.group(4)));
      lanes.add(lane);
    }
    return lanes;
  }

  private static List<long[]> steps(String text) {
    List<long[]> steps = new ArrayList<>();
    for (String step : text.isEmpty() ? new String[0] : text.split(" ")) {
      int colon = step.indexOf(':');
      steps.add(
          new long[] {
            Long.parseLong(step.substring(0, colon)), Long.parseLong(step.substring(colon + 1))
          });
    }
    return steps;
  }

  @Test
  void isWhatTheScriptDraws() throws Exception {
    String svg = Files.readString(FILE);
    assertEquals(svg, TimelineSvg.draw(lanes(svg)));
  }

  @Test
  void showsWhatTheTextSays() throws Exception {
    List<Timeline.Lane> lanes = lanes(Files.readString(FILE));
    assertEquals(4, lanes.size());
    // Nobody notices without keepalive; with it, half-open comes first and the verdict in time.
    assertEquals(-1, lanes.get(0).halfOpen);
    assertEquals(-1, lanes.get(0).dead);
    verdictInTime(lanes.get(1), 500);
    // The third row: known to be half-open, and hanging.
    assertTrue(lanes.get(2).halfOpen > 0 && lanes.get(2).retransmits.size() >= 3);
    assertEquals(-1, lanes.get(2).dead);
    // The cure: one interval of the watchdog and one retransmission more at most.
    verdictInTime(lanes.get(3), 500 + 6_400);
  }

  private static void verdictInTime(Timeline.Lane lane, long more) {
    long due = 12_000;
    assertTrue(lane.halfOpen > 0 && lane.halfOpen < lane.dead, lane.title);
    assertTrue(lane.dead <= due + more + 500, lane.title + ": " + lane.dead);
  }
}
