package io.hbagent.runtime;

import io.hbagent.control.Report;
import io.hbagent.control.Status;
import io.hbagent.diagnose.Abort;
import io.hbagent.diagnose.AbortTarget;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenSocket;
import io.hbagent.log.Line;
import io.hbagent.log.Log;
import io.hbagent.tcp.TcpInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a request for ending connections: a mode, and the targets that follow it after
 * blanks. On the agent's thread.
 *
 * <p>The modes are {@code list}, which changes nothing, {@code one}, which ends a connection only
 * if there is no second one, and {@code all}.
 */
final class AbortHandler {

  private AbortHandler() {}

  static Report handle(KeepaliveManager manager, String options) {
    String[] words = options.split(" ", -1);
    List<OpenSocket> connections;
    try {
      List<AbortTarget> targets = new ArrayList<>();
      for (int i = 1; i < words.length; i++) {
        targets.add(AbortTarget.parse(words[i]));
      }
      connections = Abort.find(manager, targets);
    } catch (IllegalArgumentException e) {
      return Report.failed(e.getMessage());
    }
    boolean ends = words[0].equals("all") || (words[0].equals("one") && connections.size() == 1);
    Report report = Report.ok();
    report.add("done").add("what", ends ? "aborted" : "listed");
    for (OpenSocket connection : connections) {
      Report.Entry entry = report.add("connection").add("fd", connection.number);
      Status.ends(entry, connection).add("state", TcpInfo.stateName(connection.info));
      entry.add("inode", connection.inode);
      if (ends) {
        String failure = Abort.end(connection);
        entry.add("failure", failure).add("gone", Abort.GONE.equals(failure) ? "yes" : null);
        if (failure == null) {
          manager.counters().aborted.incrementAndGet();
          Line line = new Line("aborted").add("local", entry.text("local"));
          line.add("remote", entry.text("remote")).add("role", connection.role);
          Log.warn(line.add("fd", connection.number).add("state", entry.text("state")));
        }
      }
    }
    return report;
  }
}
