package io.hbagent.cli;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.diagnose.Diagnosis;
import io.hbagent.diagnose.Verdict;
import io.hbagent.keepalive.AddressPattern;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Explains the worst connection of a JVM, or of one peer. */
@Command(
    name = "why",
    description = {
      "Explain why a connection hangs: the verdict, its evidence, the thread that waits",
      "and what to do. Of all connections, or of those to REMOTE, the worst."
    },
    mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {

  @Mixin private Progress progress;

  @Parameters(index = "0", paramLabel = "PID|NAME", description = "The JVM.")
  private String target;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "REMOTE",
      description = "A remote end, as db-1:5432, 10.0.0.7, :5432 or 10.20.0.0/16.")
  private String remote;

  @Override
  public Integer call() throws CommandException, InterruptedException {
    String patterns = remote == null ? "" : patterns(remote);
    Target jvm = Target.of(target, progress);
    Report report = jvm.ask(Request.Verb.WHY, patterns);
    List<Report.Entry> all = VerdictText.worstFirst(report.all("connection"));
    if (all.isEmpty()) {
      throw CommandException.failed(
          "%s has no connection%s; status %s shows those it has",
          jvm, remote == null ? "" : " to " + remote, jvm.pid());
    }
    boolean same = report.first("reader").text("fd").equals(all.get(0).text("fd"));
    List<Report.Entry> frames = same ? report.all("frame") : new ArrayList<>();
    System.out.print(text(jvm.toString(), all, frames, Terminal.size()[1]));
    return 0;
  }

  /**
   * Returns the patterns of a remote end, separated by blanks: a name is resolved here, and may
   * have several addresses.
   */
  static String patterns(String remote) throws CommandException {
    int colon = remote.lastIndexOf(':');
    boolean several = remote.indexOf(':') < colon; // an IPv6 address
    String host = colon < 0 || several ? remote : remote.substring(0, colon);
    if (several || !host.matches(".*[A-Za-z].*")) {
      try {
        AddressPattern.parse(remote);
        return remote;
      } catch (IllegalArgumentException e) {
        throw CommandException.usage(
            new IllegalArgumentException(
                remote
                    + " names no remote end ("
                    + e.getMessage()
                    + "); allowed is a host or address with or without a port, as db-1:5432,"
                    + " 10.0.0.7, :5432, 10.20.0.0/16 or [2001:db8::1]:5432",
                e));
      }
    }
    try {
      List<String> patterns = new ArrayList<>();
      for (InetAddress each : InetAddress.getAllByName(host)) {
        String address = each.getHostAddress().split("%", 2)[0]; // without a zone
        String port = colon < 0 ? "" : remote.substring(colon);
        patterns.add(address.indexOf(':') < 0 ? address + port : "[" + address + "]" + port);
      }
      return String.join(" ", patterns);
    } catch (UnknownHostException e) {
      throw CommandException.failed(
          e, "cannot resolve %s here; use the address that status shows", host);
    }
  }

  /** Returns the paragraph on the worst connection, and a line on the others. */
  static String text(String jvm, List<Report.Entry> all, List<Report.Entry> frames, int width) {
    Report.Entry worst = all.get(0);
    Verdict verdict = Verdict.of(worst.text("verdict"));
    StringBuilder out = new StringBuilder();
    boolean client = worst.text("role").equals("client");
    String head =
        Text.fill(
            jvm + (client ? ", {local} > {remote}" : ", {local} < {remote}") + ", fd={fd}: ",
            worst);
    VerdictText.wrap(out, 0, 2, head + verdict.words().toUpperCase(Locale.ROOT), width);
    String since =
        worst.text("since-ms").isEmpty()
            ? ""
            : " So for " + Diagnosis.time(worst.number("since-ms")) + " at least.";
    VerdictText.wrap(out, 2, 2, verdict.meaning + since, width);
    VerdictText.wrap(out, 2, 4, "evidence: " + VerdictText.text(worst), width);
    if (!worst.text("opened-by").isEmpty()) {
      VerdictText.wrap(out, 2, 4, "opened by: " + worst.text("opened-by"), width);
    }
    if (!frames.isEmpty()) {
      VerdictText.wrap(out, 2, 4, "the thread that waits: " + worst.text("reader"), width);
      for (Report.Entry frame : frames) {
        out.append("      at ").append(frame.text("text")).append('\n');
      }
    }
    VerdictText.wrap(out, 2, 4, "what to do: " + verdict.advice, width);
    if (all.size() > 1) {
      out.append('\n');
      out.append(VerdictText.of(all.subList(1, all.size()), false, width));
    }
    return out.toString();
  }
}
