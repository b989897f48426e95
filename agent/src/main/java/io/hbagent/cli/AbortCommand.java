package io.hbagent.cli;

import static io.hbagent.cli.Text.count;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.diagnose.AbortTarget;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Ends connections of a running JVM. */
@Command(
    name = "abort",
    description = {
      "End connections of a running JVM at once, with a reset.",
      "Threads that wait on them get an exception. Asks before it ends more than one."
    },
    mixinStandardHelpOptions = true)
final class AbortCommand implements Callable<Integer> {

  @Mixin private Progress progress;

  @Parameters(index = "0", paramLabel = "PID|NAME", description = "The JVM.")
  private String target;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "REMOTE|FD",
      description =
          "Remote ends, as 10.0.0.7:5432, :5432, 10.20.0.0/16 or [2001:db8::1]:5432, or descriptor"
              + " numbers, which --dry-run shows.")
  private List<String> connections;

  @Option(names = "--dry-run", description = "Change nothing; list the connections.")
  private boolean dryRun;

  @Option(names = "--yes", description = "End more than one without asking.")
  private boolean yes;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    for (String each : connections) {
      try {
        AbortTarget.parse(each);
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(e);
      }
    }
    Target jvm = Target.of(target, progress);
    String mode = dryRun ? "list" : yes ? "all" : "one";
    Report report = ask(jvm, mode, connections);
    List<Report.Entry> found = report.all("connection");
    int listed = found.size();
    if (report.first("done").text("what").equals("listed")) {
      if (dryRun) {
        System.out.println(
            jvm
                + ": "
                + count(found.size(), "connection")
                + " would be ended; nothing was changed");
        print(found);
        return 0;
      }
      found = ask(jvm, "all", confirmed(jvm, found)).all("connection");
    }
    List<Report.Entry> ended =
        found.stream().filter(one -> one.text("failure").isEmpty()).collect(Collectors.toList());
    System.out.println(jvm + ": " + count(ended.size(), "connection") + " ended");
    print(ended);
    List<Report.Entry> failed = new ArrayList<>(found);
    failed.removeIf(one -> one.text("failure").isEmpty() || !one.text("gone").isEmpty());
    int gone = listed - ended.size() - failed.size();
    if (gone > 0) {
      System.out.println("  " + count(gone, "connection") + " had ended before");
    }
    if (!failed.isEmpty()) {
      Report.Entry one = failed.get(0);
      throw CommandException.failed(
          "%s not ended, the first from %s to %s: %s",
          count(failed.size(), "connection"),
          one.text("local"),
          one.text("remote"),
          one.text("failure"));
    }
    return 0;
  }

  private static Report ask(Target jvm, String mode, List<String> targets)
      throws CommandException, InterruptedException {
    String options = mode + " " + String.join(" ", targets);
    return jvm.ask(Request.Verb.ABORT, options, "aborted", "listed");
  }

  /**
   * Shows connections and returns targets for just these, once the user has agreed; their
   * descriptors may be those of other connections by then.
   */
  private static List<String> confirmed(Target jvm, List<Report.Entry> found)
      throws CommandException {
    String connections = count(found.size(), "connection");
    if (!Terminal.showsOutput()) {
      throw CommandException.failed(
          "in %s there are %s of this kind, and nothing was changed; --yes ends them all, --dry-run"
              + " lists them",
          jvm, connections);
    }
    print(found);
    System.out.print("End these " + connections + " of " + jvm + "? [y/N] ");
    System.out.flush();
    try {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
      String answer = in.readLine();
      if (answer == null || !answer.trim().matches("(?i)y|yes")) {
        throw CommandException.failed("nothing was changed");
      }
    } catch (IOException e) {
      throw CommandException.failed(e, "cannot read the answer (%s); nothing was changed", e);
    }
    return found.stream()
        .map(one -> AbortTarget.exact(one.number("fd"), one.number("inode")))
        .collect(Collectors.toList());
  }

  private static void print(List<Report.Entry> connections) {
    Table table = new Table("  LOCAL", "", "REMOTE", "STATE", "FD");
    for (Report.Entry one : connections) {
      String arrow = one.text("role").equals("client") ? ">" : "<";
      table.row(
          "  " + one.text("local"), arrow, one.text("remote"), one.text("state"), one.text("fd"));
    }
    System.out.print(connections.isEmpty() ? "" : table.toString(Integer.MAX_VALUE));
  }
}
