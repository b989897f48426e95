package io.hbagent.control;

import io.hbagent.config.Settings;
import io.hbagent.hook.Failures;
import io.hbagent.hook.HookPoint;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.ConnectionInfo;
import io.hbagent.keepalive.Counters;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.KeepaliveValues;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rule;
import io.hbagent.log.Log;
import io.hbagent.tcp.OpenSocket;
import io.hbagent.tcp.TcpInfo;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/**
 * The status: settings, counters, hooks, and each connection as the kernel has it. On the agent's
 * thread: at 10,000 connections it takes a tenth of a second.
 */
public final class Status {

  private Status() {}

  /** Returns the whole status. */
  public static Report of(
      Settings settings, Hooks hooks, KeepaliveManager keeper, ConnectionDetails details) {
    Report report = Report.ok();
    settings(report, settings).add("self-test", keeper.selfTest());
    for (Rule rule : settings.rules().list()) {
      rule(report, rule);
    }
    counters(report, keeper);
    for (HookPoint row : hooks.rows()) {
      Report.Entry record = report.add("hook").add("method", row);
      record.add("state", row.state().name().toLowerCase(Locale.ROOT));
      record.add("for", row.reason());
    }
    OpenConnections.show(
        keeper, (socket, peer, info) -> connection(report, settings, socket, peer, info, details));
    return report;
  }

  /** Adds the settings in force. */
  public static Report.Entry settings(Report report, Settings settings) {
    Report.Entry record = report.add("agent").add("version", Version.text());
    record.add("settings", settings).add("source", settings.source());
    policy(record, settings.rules().otherwise());
    return record.add("conflict", settings.conflict());
  }

  private static void rule(Report report, Rule rule) {
    Report.Entry record = report.add("rule").add("name", rule.name()).add("role", rule.role());
    record.add("remote", rule.remote().isEmpty() ? null : rule.remote());
    record.add("local", rule.local().isEmpty() ? null : rule.local());
    policy(record, rule.policy());
  }

  private static void policy(Report.Entry record, Policy policy) {
    record.add("keepalive", policy.keepalive() ? "on" : "off");
    if (policy.keepalive()) {
      record.add("idle", policy.idle()).add("intvl", policy.intvl()).add("cnt", policy.cnt());
      record.add("user-timeout-ms", policy.userTimeout()).add("dead-after", policy.deadAfter());
      record.add("user-timeout", policy.adaptive() ? "adaptive" : null);
    }
  }

  private static void counters(Report report, KeepaliveManager keeper) {
    Counters counters = keeper.counters();
    Report.Entry record = report.add("counters").add("connected", counters.connected());
    record.add("accepted", counters.accepted()).add("swept", counters.swept());
    record.add("reapplied", counters.reapplied()).add("native-changes", counters.nativeChanges());
    record.add("respected", counters.respected()).add("not-tcp", counters.notTcp());
    record.add("closed-meanwhile", counters.closedMeanwhile());
    record.add("failures", Failures.count()).add("first-failure", Failures.first());
    record.add("log-dropped", Log.dropped()).add("log-problem", Log.problem());
    report
        .add("verified")
        .add("client", keeper.proof(Role.CLIENT))
        .add("server", keeper.proof(Role.SERVER));
  }

  private static void connection(
      Report report,
      Settings settings,
      OpenSocket socket,
      ConnectionInfo peer,
      int info,
      ConnectionDetails details)
      throws IOException {
    KeepaliveValues carried = KeepaliveValues.of(socket.descriptor());
    Report.Entry record = new Report.Entry("connection").add("fd", socket.number());
    record.add("local", text(peer.local())).add("remote", text(peer.remote()));
    record.add("role", peer.role()).add("state", TcpInfo.stateName(info));
    record.add("keepalive", carried.keepalive() ? "on" : "off").add("idle", carried.idle());
    record.add("intvl", carried.intvl()).add("cnt", carried.cnt());
    record.add("user-timeout-ms", carried.userTimeout());
    record.add("probes", TcpInfo.probes(info)).add("retransmits", TcpInfo.retransmits(info));
    int decision = peer.decision();
    record.add("rule", decision < 0 ? null : settings.rules().list().get(decision).name());
    details.describe(socket.number(), record);
    report.add(record);
  }

  /** An address and port as they are written, without ever asking for a name. */
  public static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
