package io.hbagent.keepalive;

import io.hbagent.tcp.OwnSocket;
import java.io.IOException;

/**
 * Sets a policy on an unconnected socket of our own and reads it back from the kernel: no port is
 * taken, nothing is sent. On the agent's thread.
 */
public final class SelfTest {

  private SelfTest() {}

  /** Runs once; the answer is {@code ok} or what is wrong. */
  public static Proof run(Policy policy) {
    Proof proof = new Proof();
    proof.arm();
    try (OwnSocket socket = OwnSocket.open()) {
      Applier.apply(socket.descriptor(), policy, 0);
      proof.take(socket.descriptor(), policy, 0);
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      proof.failed(String.valueOf(e));
    }
    return proof;
  }
}
