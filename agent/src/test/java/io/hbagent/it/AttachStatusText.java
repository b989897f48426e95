package io.hbagent.it;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the text that {@code status} prints. */
final class AttachStatusText {

  private static final int COLUMNS = 80;

  /**
   * A row: ends, state, keepalive, user timeout, probes, retransmits, age, rule, thread that opened
   * it.
   */
  private static final Pattern ROW =
      Pattern.compile(
          "(\\S+) +([<>]) (\\S+) +(ESTAB|CL-WT|FIN-2) +(off|\\d+/\\d+/\\d+) +(-|\\d+s) +(\\d+) +(\\d+)"
              + " +(\\?|\\d+s|\\d+m) +(accepted|near|far) +(\\S+)");

  private AttachStatusText() {}

  /**
   * Checks that no line is wider than a terminal and that the worst connection comes first.
   *
   * @param worst the two ends of that connection
   */
  static void check(Cli status, String worst) {
    status.prints("10 connections, the worst first");
    List<String> rows = new ArrayList<>();
    List<Integer> troubles = new ArrayList<>();
    List<Boolean> keepalive = new ArrayList<>();
    for (String line : status.lines()) {
      status.check(line.length() <= COLUMNS, "no line wider than " + COLUMNS + ": " + line);
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(line);
        keepalive.add(!row.group(5).equals("off"));
        troubles.add(Integer.parseInt(row.group(7)) + Integer.parseInt(row.group(8)));
      }
    }
    status.check(rows.size() == 10, "10 rows");
    List<Integer> sorted = new ArrayList<>(troubles);
    sorted.sort((a, b) -> b - a);
    status.check(sorted.equals(troubles), "sorted by unanswered probes and retransmits");
    status.check(troubles.get(0) > 3 && troubles.get(9) == 0, "the worst and the best");
    status.check(rows.get(0).replaceAll(" +", " ").startsWith(worst.replace(" ", " > ")), worst);
    List<Boolean> healthy = keepalive.subList(troubles.indexOf(0), 10);
    status.check(healthy.indexOf(true) == healthy.lastIndexOf(false) + 1, "off before on");
  }
}
