package io.hbagent.watch;

import java.util.List;
import java.util.Locale;

/** The drawing of a {@link Timeline}; readable on a light page and on a dark one. */
final class TimelineSvg {

  private static final int LEFT = 20;
  private static final int WIDTH = 860;
  private static final int LANE = 76;
  private static final int TOP = 50;
  private static final double SCALE = (WIDTH - 2.0 * LEFT) / Timeline.SECONDS / 1000;

  private final StringBuilder out = new StringBuilder();

  private TimelineSvg() {}

  static String draw(List<Timeline.Lane> lanes) {
    TimelineSvg svg = new TimelineSvg();
    int height = TOP + lanes.size() * LANE + 40;
    svg.add(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif'"
            + " font-size='13' role='img'>",
        WIDTH, height);
    svg.add("<title>A cable is cut: who notices, and when</title>");
    svg.add("<rect width='%d' height='%d' fill='#ffffff'/>", WIDTH, height);
    svg.add(
        "<text x='%d' y='24' font-size='15'>The cable is cut at 0 s; %s: verdict due 12 s after the"
            + " last segment</text>",
        LEFT, Timeline.POLICY);
    int y = TOP;
    for (Timeline.Lane lane : lanes) {
      svg.lane(lane, y);
      y += LANE;
    }
    svg.axis(y);
    svg.add("</svg>");
    return svg.out.toString();
  }

  private void lane(Timeline.Lane lane, int y) {
    long end = lane.dead < 0 ? Timeline.SECONDS * 1000L : lane.dead;
    long known = lane.halfOpen < 0 ? end : lane.halfOpen;
    add("<text x='%d' y='%d' font-weight='bold'>%s</text>", LEFT, y + 12, lane.title);
    bar(0, known, y, "#d9d9d9");
    bar(known, end, y, "#f5b942");
    for (long[] step : lane.probes) {
      tick(step[0], y, "#1f5fa8", "probe " + step[1]);
    }
    for (long[] step : lane.retransmits) {
      tick(step[0], y, "#7a3fa0", "sent again, " + step[1]);
    }
    if (lane.halfOpen >= 0) {
      label(lane.halfOpen, y + 62, "half-open " + seconds(lane.halfOpen), "start");
    }
    if (lane.dead >= 0) {
      add("<circle cx='%.1f' cy='%d' r='7' fill='#b3261e'/>", x(end), y + 32);
      label(end, y + 36, "   dead " + seconds(lane.dead), "start");
    } else {
      label(end, y + 62, "still hanging", "end");
    }
  }

  private void bar(long from, long to, int y, String colour) {
    add(
        "<rect x='%.1f' y='%d' width='%.1f' height='16' fill='%s'/>",
        x(from), y + 24, x(to) - x(from), colour);
  }

  private void tick(long at, int y, String colour, String title) {
    add(
        "<path d='M%.1f %dv24' stroke='%s' stroke-width='2.5'><title>%s, %s</title></path>",
        x(at), y + 20, colour, title, seconds(at));
  }

  private void label(long at, int y, String text, String anchor) {
    add(
        "<text x='%.1f' y='%d' text-anchor='%s' xml:space='preserve'>%s</text>",
        x(at), y, anchor, text);
  }

  private void axis(int y) {
    for (int second = 0; second <= Timeline.SECONDS; second += 3) {
      label(second * 1000L, y + 14, second + " s", "middle");
    }
    add(
        "<text x='%d' y='%d'><tspan fill='#1f5fa8'>| unanswered probe</tspan>  <tspan"
            + " fill='#7a3fa0'>| data sent again</tspan>  <tspan fill='#8a6100'>yellow: the log has"
            + " said half-open</tspan></text>",
        LEFT, y + 34);
  }

  private static double x(long millis) {
    return LEFT + millis * SCALE;
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
  }

  private void add(String format, Object... args) {
    out.append(String.format(Locale.ROOT, format, args)).append('\n');
  }
}
