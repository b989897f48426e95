package io.hbagent.testapp.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs scenarios and prints, for each end of each connection, the options the kernel holds at the
 * moment the application gets it: {@code NAME end=client|server family=4|6 thread=platform|virtual
 * keepalive=1 idle=5 intvl=5 cnt=3 user-timeout=0}.
 *
 * <p>Exits with 0 if every scenario worked, else 1. The options are not checked. On JDK 9 and newer
 * it needs {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED}.
 */
public final class Probe {
  private static final String USAGE =
      "usage: Probe [--families=4,6] [--threads=platform,virtual] NAME|GROUP...\n"
          + "  groups: "
          + Scenarios.GROUPS
          + "; 'list' prints the names; 'session' takes commands from standard input";

  private Probe() {}

  /**
   * Runs the scenarios or groups named by the arguments, each for every family and kind of thread.
   */
  public static void main(String[] args) throws Exception {
    List<Integer> families = Arrays.asList(4, 6);
    List<String> threads = Arrays.asList("platform", "virtual");
    List<String> names = new ArrayList<>();
    for (String arg : args) {
      if (arg.startsWith("--families=")) {
        families = new ArrayList<>();
        for (String family : arg.substring("--families=".length()).split(",", -1)) {
          families.add(Integer.valueOf(family));
        }
      } else if (arg.startsWith("--threads=")) {
        threads = Arrays.asList(arg.substring("--threads=".length()).split(",", -1));
      } else {
        names.add(arg);
      }
    }
    if (names.isEmpty()) {
      System.err.println(USAGE);
      System.exit(2);
    }
    System.exit(run(names, families, threads));
  }

  private static int run(List<String> names, List<Integer> families, List<String> threads)
      throws Exception {
    if (names.get(0).equals("list")) {
      Scenarios.all().keySet().forEach(System.out::println);
      return 0;
    }
    int errors = 0;
    if (names.get(0).equals("session")) {
      new Session(System.in).run();
    } else {
      Map<String, Scenario> chosen = new LinkedHashMap<>();
      for (String name : names) {
        chosen.putAll(Scenarios.named(name));
      }
      for (int family : families) {
        if (!Setting.available(family)) {
          Report.line("skipped family=" + family + " reason=no-such-loopback-address");
          continue;
        }
        for (String thread : threads) {
          boolean virtual = thread.equals("virtual");
          if (virtual && !Newer.hasVirtualThreads()) {
            Report.line("skipped family=" + family + " thread=virtual reason=none-on-this-jdk");
            continue;
          }
          for (Map.Entry<String, Scenario> each : chosen.entrySet()) {
            errors += new Setting(each.getKey(), family, virtual).run(each.getValue()) ? 0 : 1;
          }
        }
      }
    }
    Report.line("errors=" + errors);
    Report.agentFailures();
    return errors == 0 ? 0 : 1;
  }
}
