package io.hbagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.config.Settings;
import io.hbagent.config.SettingsReader;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.Role;
import io.hbagent.tcp.FakeSockets;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.Options;
import java.io.FileDescriptor;
import java.net.InetAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The status of a JVM with sockets in memory. */
class StatusTest {

  private final FakeSockets sockets = new FakeSockets();

  @AfterEach
  void close() {
    sockets.close();
  }

  private static Settings settings(String options) throws Exception {
    return SettingsReader.read(options, null, null);
  }

  @Test
  void aDeadPeerIsFoundByTheUserTimeout() throws Exception {
    Settings settings = settings("idle=3,intvl=2,cnt=9,user-timeout=5s");
    KeepaliveManager manager = new KeepaliveManager(settings.rules(), settings.conflict());
    Report report = status(settings, manager);
    assertEquals(5, report.first("agent").number("dead-after"));
  }

  /** In the first half second of the JVM no connection is read back when it is opened. */
  @Test
  void aConnectionThatWasOpenedBeforeIsVerified() throws Exception {
    Settings settings = settings("");
    KeepaliveManager manager = new KeepaliveManager(settings.rules(), settings.conflict());
    FileDescriptor fd = sockets.open(5);
    manager.opened(fd, fd, Role.CLIENT, InetAddress.getLoopbackAddress(), 5432, null);
    sockets.connect(5, 40_005, "127.0.0.1", 5432);
    Kernel.set(fd, Options.IDLE, 77); // by native code, which proves nothing
    assertEquals("pending pending", verified(settings, manager));
    Kernel.set(fd, Options.IDLE, 20);
    assertEquals("ok pending", verified(settings, manager));
  }

  private static Report status(Settings settings, KeepaliveManager manager) {
    Diagnoses diagnoses = new Diagnoses(manager, true, any -> -1, any -> -1);
    return Status.of(settings, new Hooks(null, false), manager, diagnoses);
  }

  private static String verified(Settings settings, KeepaliveManager manager) {
    Report.Entry entry = status(settings, manager).first("verified");
    return entry.text("client") + " " + entry.text("server");
  }
}
