package io.hbagent.keepalive;

import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.OwnSocket;
import io.hbagent.tcp.TcpInfo;
import java.io.IOException;

/**
 * A policy set on an unconnected socket of the agent's own and read back from the kernel: no port
 * is taken, nothing is sent. The options it has before are the kernel's defaults, which the sysctls
 * net.ipv4.tcp_keepalive_* decide. On the agent's thread.
 */
public final class SelfTest {

  private SelfTest() {}

  /**
   * Loads and links what the first connection needs, as far as that initialises no class of the
   * JDK's network, see {@link Kernel#linkSetting}. Nothing is thrown: what is wrong here, {@link
   * #run} finds as well, and reports.
   */
  public static void link(Policy policy) {
    try {
      Kernel.linkSetting();
      policy.set(null, policy.options(0)); // refused before it reaches the kernel
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      // as it should be, or see above
    }
  }

  /** Does the same for reading options, and has the first connection of each role read back. */
  public static void linkReading(KeepaliveManager manager) {
    try {
      Kernel.linkReading();
      TcpInfo.state(0); // initialised here, and not by an application's thread that sets an option
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      // see link
    }
    manager.readBack = true;
  }

  /**
   * Runs, the first time only; the result is {@code ok} or what is wrong. Initialises the JDK's
   * network, which reads the system properties then: not before the application has used it.
   *
   * @return whether it ran
   */
  public static boolean run(KeepaliveManager manager) {
    Readback result = manager.selfTest();
    if (!result.isPending()) {
      return false;
    }
    Policy policy = manager.rules().anyPolicy();
    try (OwnSocket socket = new OwnSocket()) {
      manager.unset = KeepaliveValues.of(socket.descriptor);
      policy.set(socket.descriptor, policy.options(0));
      result.read(socket.descriptor, policy, 0);
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      result.failed(String.valueOf(e));
    }
    return true;
  }
}
