package io.hbagent.cli;

import io.hbagent.control.AgentProperty;
import io.hbagent.control.ClassArchive;
import io.hbagent.control.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The JVMs of this machine. Only one that shows a sign of the agent (its thread, or its open jar)
 * is asked for its settings; all others are not touched.
 */
@Command(
    name = "list",
    description = "List the JVMs of this machine, and which of them hb-agent is in.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

  /** As Settings are printed. Linear: the text is the target's, of any size. */
  private static final Pattern TIMERS =
      Pattern.compile("idle=(\\d{1,5})s,intvl=(\\d{1,5})s,cnt=(\\d{1,5})");

  @Mixin private Progress progress;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    List<Report.Entry> rows = new ArrayList<>();
    for (ProcessInfo jvm : JvmFinder.all()) {
      Report.Entry row = new Report.Entry("jvm").add("pid", Long.valueOf(jvm.pid));
      row.add("user", jvm.user()).add("jdk", jvm.javaVersion());
      row.add("hb-agent", policy(jvm)).add("aot", use(jvm)).add("main", jvm.main());
      if (jvm.isAlive()) {
        rows.add(row); // else some of these facts were no longer there
      }
    }
    if (json) {
      System.out.print(Report.toJson(rows));
      return 0;
    }
    Table table = new Table("PID", "USER", "JDK", "HB-AGENT", "AOT", "MAIN");
    for (Report.Entry row : rows) {
      String jdk = row.text("jdk");
      table.row(
          row.text("pid"),
          row.text("user"),
          jdk.isEmpty() ? "?" : jdk,
          row.text("hb-agent"),
          row.text("aot"),
          row.text("main"));
    }
    System.out.print(table.toString(Integer.MAX_VALUE));
    return 0;
  }

  /**
   * Returns the use of an AOT cache or CDS archive; {@code -} without one, {@code ?} if unknown.
   */
  private static String use(ProcessInfo jvm) {
    ClassArchive.State use = jvm.use(jvm.archive());
    return use == null ? "?" : use == ClassArchive.State.NONE ? "-" : use.toString();
  }

  /** Returns the agent's policy; {@code -} without an agent, {@code ?} if that cannot be seen. */
  private String policy(ProcessInfo jvm) throws CommandException, InterruptedException {
    if (ProcessInfo.AVAILABLE) {
      if (jvm.isJvm() == null) {
        return "?";
      }
      if (!jvm.hasThread("hb-agent") && !jvm.hasOpen(Target.jar().getName())) {
        return "-";
      }
    }
    if (!AttachApi.isAvailable()
        || jvm.isStopped()
        || jvm.diesOfSigQuit()
        || AttachChecks.cannotStartListener(jvm) != null) {
      return "?";
    }
    try {
      String text =
          progress
              .await("JVM " + jvm.pid, () -> AttachApi.systemProperties(jvm.pid))
              .getProperty(AgentProperty.PROPERTY);
      return text == null ? "-" : brief(text);
    } catch (ExecutionException | TimeoutException e) {
      return "?"; // ends, or does not let us
    }
  }

  /** Returns {@code 20/5/3} for the value of {@link AgentProperty}; {@code ?} for other text. */
  static String brief(String settings) {
    if (settings.contains(",enabled=false")) {
      return "disabled";
    }
    Matcher timers = TIMERS.matcher(settings);
    if (!timers.find()) {
      return "?";
    }
    String brief =
        settings.contains("keepalive=off")
            ? "off"
            : timers.group(1) + "/" + timers.group(2) + "/" + timers.group(3);
    return settings.contains(",config=") ? brief + " +file" : brief;
  }
}
