package io.hbagent.cli;

import io.hbagent.control.AgentProperty;
import io.hbagent.control.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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

  @Mixin private Progress progress;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    List<Report.Entry> rows = new ArrayList<>();
    for (Jvm jvm : JvmFinder.all()) {
      String policy = policy(jvm);
      Report.Entry row =
          new Report.Entry("jvm").add("pid", Long.valueOf(jvm.pid)).add("user", jvm.user);
      row.add("jdk", jvm.version).add("hb-agent", policy == null ? "?" : policy);
      rows.add(row.add("main", jvm.main));
    }
    if (json) {
      System.out.print(Report.toJson(rows));
      return 0;
    }
    Table table = new Table("PID", "USER", "JDK", "HB-AGENT", "MAIN");
    for (Report.Entry row : rows) {
      table.row(
          row.text("pid"),
          row.text("user"),
          row.text("jdk").isEmpty() ? "?" : row.text("jdk"),
          row.text("hb-agent"),
          row.text("main"));
    }
    System.out.print(table);
    return 0;
  }

  /** The agent's policy; {@code -} when it is not there, null when that cannot be seen. */
  private String policy(Jvm jvm) throws CommandException, InterruptedException {
    ProcessInfo proc = new ProcessInfo(jvm.pid);
    Class<?> api = AttachApi.find();
    if (proc.isJvm() == null && ProcessInfo.isThere()) {
      return null;
    }
    if (ProcessInfo.isThere() && !proc.hasThread("hb-agent") && !proc.hasOpen(Target.jarName())) {
      return "-";
    }
    if (api == null
        || proc.isStopped()
        || proc.diesOfSigQuit()
        || AttachChecks.cannotStartListener(proc) != null) {
      return null;
    }
    String[] found = {null};
    Thread thread =
        new Thread(
            () -> {
              try (AttachApi machine = AttachApi.attach(api, Long.parseLong(jvm.pid))) {
                String text = machine.systemProperties().getProperty(AgentProperty.PROPERTY);
                found[0] = text == null ? "-" : PolicyText.brief(text);
              } catch (Exception | LinkageError e) {
                found[0] = null; // ends, or does not let us: shown as unknown
              }
            },
            "attach");
    thread.setDaemon(true);
    thread.start();
    return progress.await(thread, "waiting for JVM " + jvm.pid) ? found[0] : null;
  }
}
