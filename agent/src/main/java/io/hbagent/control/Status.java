package io.hbagent.control;

import io.hbagent.config.Settings;
import io.hbagent.hook.Failures;
import io.hbagent.hook.HookPoint;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.AddressPattern;
import io.hbagent.keepalive.ConnectionTable;
import io.hbagent.keepalive.Counters;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.KeepaliveValues;
import io.hbagent.keepalive.OpenSocket;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Readback;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rule;
import io.hbagent.keepalive.SweepResult;
import io.hbagent.log.Log;
import io.hbagent.tcp.SocketSnapshot;
import io.hbagent.tcp.TcpInfo;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The contents of reports: settings, counters, hooks, and each connection as the kernel has it. The
 * text and the JSON of the command line and the MBean's attributes are read from these entries. On
 * the agent's thread: at 10,000 connections a status takes a tenth of a second.
 */
public final class Status {

  private Status() {}

  /**
   * Returns the status.
   *
   * @param diagnoses null to leave the connections out
   */
  public static Report of(
      Settings settings, Hooks hooks, KeepaliveManager manager, Diagnoses diagnoses) {
    Report report = Report.ok();
    agent(report, settings).add("self-test", manager.selfTest());
    for (Rule rule : settings.rules().list()) {
      Report.Entry entry = report.add("rule").add("name", rule.name).add("role", rule.role);
      entry.add("remote", rule.remote.isEmpty() ? null : rule.remote);
      entry.add("local", rule.local.isEmpty() ? null : rule.local);
      policy(entry, rule.policy);
    }
    Report.Entry verified = counters(report, manager);
    for (HookPoint row : hooks.rows()) {
      Report.Entry entry = report.add("hook").add("method", row);
      entry.add("state", row.state().name().toLowerCase(Locale.ROOT)).add("for", row.reason());
    }
    if (diagnoses != null) {
      diagnoses.forEach(
          any -> true, false, each -> report.add(connection(each, settings, manager)));
    }
    verified.add("client", manager.readback(Role.CLIENT));
    verified.add("server", manager.readback(Role.SERVER));
    return report;
  }

  /**
   * Returns the connections alone.
   *
   * @param remotes patterns of remote ends, separated by blanks; empty for all
   */
  public static Report why(
      Settings settings, KeepaliveManager manager, Diagnoses diagnoses, String remotes) {
    List<AddressPattern> patterns = new ArrayList<>();
    try {
      for (String each : remotes.isEmpty() ? new String[0] : remotes.split(" ")) {
        patterns.add(AddressPattern.parse(each));
      }
    } catch (IllegalArgumentException e) {
      return Report.failed(
          remotes
              + " names no remote end ("
              + e.getMessage()
              + "); allowed is a host or address with or without a port, as 10.0.0.7:5432, :5432,"
              + " 10.20.0.0/16 or [2001:db8::1]:5432");
    }
    Report report = Report.ok();
    Diagnoses.Diagnosed[] worst = new Diagnoses.Diagnosed[1];
    diagnoses.forEach(
        socket -> patterns.isEmpty() || matches(patterns, socket.remote),
        true,
        each -> {
          report.add(connection(each, settings, manager));
          if (worst[0] == null || each.diagnosis.isWorseThan(worst[0].diagnosis)) {
            worst[0] = each;
          }
        });
    if (worst[0] != null && worst[0].reader != null) {
      Report.Entry thread = report.add("reader").add("fd", worst[0].socket.number);
      thread.add("name", worst[0].reader.name);
      for (StackTraceElement frame : worst[0].reader.stack) {
        report.add("frame").add("text", frame);
      }
    }
    return report;
  }

  private static boolean matches(List<AddressPattern> patterns, InetSocketAddress remote) {
    for (AddressPattern each : patterns) {
      if (each.matches(remote.getAddress().getAddress(), remote.getPort())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the report on settings that were put in force, or would be.
   *
   * @param done {@code attached}, {@code reconfigured}, {@code unchanged} or {@code dry-run}
   * @param hooks null if none are installed
   * @param open null if open connections were not looked at
   */
  public static Report of(
      String done, Settings settings, Hooks hooks, Readback selfTest, SweepResult open) {
    Report report = Report.ok();
    report.add("done").add("what", done);
    agent(report, settings);
    if (hooks != null) {
      int known = hooks.rows().size() - StartLog.count(hooks, HookPoint.State.ABSENT);
      report
          .add("hooks")
          .add("woven", StartLog.count(hooks, HookPoint.State.WOVEN))
          .add("known", known);
      for (HookPoint row : hooks.rows()) {
        if (StartLog.hasFailed(row)) {
          warning(report, "hook failed: " + row + "; missed: " + row.reason());
        }
      }
      for (String operation : hooks.missedOperations()) {
        warning(report, "missed: " + operation + "; " + StartLog.NO_METHOD);
      }
    }
    if (open != null) {
      open(report, open);
    }
    if (selfTest.isBad()) {
      warning(report, "self-test failed: " + selfTest);
    }
    for (String warning : settings.warnings()) {
      warning(report, warning);
    }
    return report;
  }

  /** Adds a warning. */
  public static void warning(Report report, String text) {
    report.add("warning").add("text", text);
  }

  /** Adds the counts of a pass over the open connections, and after a dry run the connections. */
  public static void open(Report report, SweepResult result) {
    Report.Entry entry = report.add("open").add("given", result.given).add("same", result.same);
    entry.add("turned-off", result.turnedOff).add("kept", result.kept);
    entry.add("listeners", result.listeners).add("skipped-by-rule", result.offByRule);
    entry.add("skipped-own-choice", result.ownChoice).add("connecting", result.connecting);
    entry.add("closed-meanwhile", result.closed);
    for (OpenSocket socket : result.would) {
      ends(report.add("connection"), socket);
    }
  }

  private static Report.Entry agent(Report report, Settings settings) {
    Report.Entry entry = report.add("agent").add("version", Version.text());
    entry.add("settings", settings).add("source", settings.source());
    policy(entry, settings.rules().otherwise());
    return entry.add("conflict", settings.conflict());
  }

  private static void policy(Report.Entry entry, Policy policy) {
    entry.add("keepalive", policy.keepalive() ? "on" : "off");
    if (policy.keepalive()) {
      entry.add("idle", policy.idle()).add("intvl", policy.intvl()).add("cnt", policy.cnt());
      entry.add("user-timeout-ms", policy.userTimeout()).add("dead-after", policy.deadAfter());
      entry.add("user-timeout", policy.adaptive() ? "adaptive" : null);
    }
  }

  /** Adds the counters; returns the entry of what was verified, which the connections complete. */
  private static Report.Entry counters(Report report, KeepaliveManager manager) {
    Counters counters = manager.counters();
    Report.Entry entry = report.add("counters").add("connected", counters.connected);
    entry.add("accepted", counters.accepted).add("swept", counters.swept);
    entry.add("reapplied", counters.reapplied).add("native-changes", counters.nativeChanges);
    entry.add("respected", counters.respected).add("not-tcp", counters.notTcp);
    entry.add("closed-meanwhile", counters.closed).add("aborted", counters.aborted);
    entry.add("failures", Failures.count()).add("first-failure", Failures.first());
    entry.add("log-dropped", Log.dropped()).add("log-problem", Log.problem());
    return report.add("verified");
  }

  /** Returns the entry of a connection: options, state, verdict, and the numbers behind it. */
  static Report.Entry connection(
      Diagnoses.Diagnosed connection, Settings settings, KeepaliveManager manager) {
    OpenSocket socket = connection.socket;
    KeepaliveValues values = connection.values;
    SocketSnapshot snapshot = connection.snapshot;
    manager.verify(socket, values);
    Report.Entry entry = new Report.Entry("connection").add("fd", socket.number);
    ends(entry, socket).add("state", TcpInfo.stateName(snapshot.state));
    entry.add("keepalive", values.keepalive() ? "on" : "off").add("idle", values.idle());
    entry.add("intvl", values.intvl()).add("cnt", values.cnt());
    entry.add("user-timeout-ms", values.userTimeout());
    entry.add("probes", snapshot.probes).add("retransmits", snapshot.retransmits);
    int decision = socket.decision;
    entry.add("rule", decision < 0 ? null : settings.rules().list().get(decision).name);
    ConnectionTable table = manager.table();
    if (table.entry(socket.number) != ConnectionTable.UNKNOWN) {
      int openedAt = table.openedAt(socket.number);
      if (openedAt != ConnectionTable.UNSEEN) {
        entry.add("age-s", System.nanoTime() / 1_000_000_000L - openedAt);
      }
      entry.add("opened-by", table.openedBy(socket.number));
    }
    entry.add("verdict", connection.diagnosis.verdict);
    known(entry, "since-ms", connection.diagnosis.sinceMillis);
    entry.add("evidence", connection.diagnosis.evidence);
    entry.add("reader", connection.reader == null ? null : connection.reader.name);
    known(entry, "send-queue", snapshot.sendQueue);
    known(entry, "receive-queue", snapshot.receiveQueue);
    known(entry, "last-sent-ms", snapshot.lastDataSent);
    known(entry, "last-received-ms", snapshot.lastDataReceived);
    known(entry, "last-ack-ms", snapshot.lastAckReceived);
    known(entry, "rtt-us", snapshot.rttMicros);
    known(entry, "min-rtt-us", snapshot.minRttMicros);
    known(entry, "segments-sent-again", snapshot.totalRetransmits);
    known(entry, "bytes-sent", snapshot.bytesSent);
    known(entry, "bytes-received", snapshot.bytesReceived);
    known(entry, "peer-window", snapshot.sendWindow);
    return entry;
  }

  private static void known(Report.Entry entry, String name, long value) {
    if (value != SocketSnapshot.UNKNOWN) {
      entry.add(name, value);
    }
  }

  /** Adds both ends of a connection and the role of this process. */
  public static Report.Entry ends(Report.Entry entry, OpenSocket socket) {
    entry.add("local", text(socket.local)).add("remote", text(socket.remote));
    return entry.add("role", socket.role);
  }

  /** Returns an address and port; never resolves a name. */
  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
