package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OwnSocket;
import io.hbagent.tcp.TcpInfo;
import java.io.FileDescriptor;
import java.io.IOException;

/**
 * Sets a policy on an unconnected socket of our own and reads it back from the kernel: no port is
 * taken, nothing is sent. What it carries before that is what the kernel gives to whatever is not
 * set, which the sysctls net.ipv4.tcp_keepalive_* decide. On the agent's thread.
 */
public final class SelfTest {

  private SelfTest() {}

  /**
   * Only asks, for {@code conflict=tighten}, where the first option an application sets is weighed
   * against it: on the start path then.
   */
  public static void ask(KeepaliveManager keeper) {
    try (OwnSocket socket = OwnSocket.open()) {
      keeper.ownChoices().unset(KeepaliveValues.of(socket.descriptor()));
    } catch (Throwable e) {
      // run() comes upon it as well, and tells; the hooks are at work by now
    }
  }

  /**
   * Does to a descriptor that is none what is done to every connection, so that the first one finds
   * it loaded and linked; the kernel refuses (EBADF). Nothing is thrown: what is wrong here, {@link
   * #run} comes upon as well, and tells.
   */
  public static void rehearse(Policy policy) {
    FileDescriptor none = new FileDescriptor();
    try {
      Kernel.number(none);
      Applier.apply(none, policy, 0);
    } catch (IOException | RuntimeException | LinkageError e) {
      // as it should be, or see above
    }
  }

  /** Runs once; the answer is {@code ok} or what is wrong. */
  public static Readback run(Policy policy, KeepaliveManager keeper) {
    Readback proof = new Readback();
    proof.arm();
    try (OwnSocket socket = OwnSocket.open()) {
      keeper.ownChoices().unset(KeepaliveValues.of(socket.descriptor()));
      Applier.apply(socket.descriptor(), policy, 0);
      proof.take(socket.descriptor(), policy, 0);
      TcpInfo.state(
          0); // initialised here, and not by KeepaliveManager.optionSet on an application's thread
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      proof.failed(String.valueOf(e));
    }
    return proof;
  }
}
