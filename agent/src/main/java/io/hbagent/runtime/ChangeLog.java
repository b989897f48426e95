package io.hbagent.runtime;

import io.hbagent.hook.Failures;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Readback;
import io.hbagent.keepalive.Role;
import io.hbagent.log.Line;
import io.hbagent.log.Log;

/** One line when something has changed that nobody asked for. On the agent's thread. */
final class ChangeLog {

  private final KeepaliveManager keeper;
  private int failuresSaid;
  private String proofSaid = "";

  ChangeLog(KeepaliveManager keeper) {
    this.keeper = keeper;
  }

  void say() {
    sayProof();
    sayFailures();
  }

  /** One line when a first connection does not carry in the kernel what was set. */
  private void sayProof() {
    Readback client = keeper.proof(Role.CLIENT);
    Readback server = keeper.proof(Role.SERVER);
    String now = "client=" + client + " server=" + server;
    if (now.equals(proofSaid)) {
      return;
    }
    proofSaid = now;
    Line line = new Line("verified").add("client", client).add("server", server);
    if (client.isBad() || server.isBad()) {
      Log.warn(line);
    } else if (client.isOk() || server.isOk()) {
      Log.debug(line);
    }
  }

  private void sayFailures() {
    int failures = Failures.count();
    if (failures != failuresSaid && failuresSaid == 0) {
      Log.warn(new Line("failure").add("count", failures).add("first", Failures.first()));
    }
    failuresSaid = failures;
  }
}
