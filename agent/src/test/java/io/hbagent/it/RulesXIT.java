package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Rules per destination in a JVM: at each end the first rule that matches applies. */
class RulesXIT {

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> firstMatchApplies() throws Exception {
    // Connections to 127.0.0.0/8 come from 127.0.0.1, so only clients see the others as remote.
    int port = freePort("127.0.0.4");
    Path file =
        Text.write(
            folder.resolve("rules.properties"),
            "idle = 5",
            "intvl = 5",
            "rules = health, db, port, server, six",
            "rule.health.remote = 127.0.0.2",
            "rule.health.keepalive = off",
            "rule.db.remote = 127.0.0.3/32, 127.0.0.2",
            "rule.db.role = client",
            "rule.db.idle = 60",
            "rule.db.user-timeout = 9s",
            "rule.port.remote = *:" + port,
            "rule.port.cnt = 7",
            "rule.server.local = :" + port,
            "rule.server.role = server",
            "rule.server.intvl = 11",
            "rule.six.remote = [::1]/128",
            "rule.six.cnt = 9");
    return Jdk.each(
        jdk -> {
          try (Session session = new Session(new Jvm(jdk).agent("config=" + file))) {
            String otherwise = "keepalive=1 idle=5 intvl=5 cnt=3 user-timeout=0";
            assertEquals(otherwise, session.both("open none 127.0.0.1 0"), "no rule");
            ends(session, "open health 127.0.0.2 0", ProbeRun.UNTOUCHED, otherwise);
            ends(
                session,
                "open db 127.0.0.3 0",
                "keepalive=1 idle=60 intvl=5 cnt=3 user-timeout=9000",
                otherwise);
            ends(
                session,
                "open port 127.0.0.4 " + port,
                "keepalive=1 idle=5 intvl=5 cnt=7 user-timeout=0",
                "keepalive=1 idle=5 intvl=11 cnt=3 user-timeout=0");
            if (hasIpv6()) {
              assertEquals(
                  "keepalive=1 idle=5 intvl=5 cnt=9 user-timeout=0",
                  session.both("open six ::1 0"),
                  "IPv6");
            }
            // The rule's policy also overrides the application's own calls.
            for (String name : List.of("none", "health", "db", "port")) {
              List<ProbeRun.Line> before = session.command("read " + name);
              session.command("undo " + name);
              assertEquals(before, session.command("read " + name), "after setKeepAlive(false)");
            }
            session.end();
          }
        });
  }

  private static void ends(Session session, String command, String client, String server)
      throws InterruptedException {
    List<ProbeRun.Line> ends = session.command(command);
    assertEquals(client, ends.get(0).options(), session.app().describe(command + ", client"));
    assertEquals(server, ends.get(1).options(), session.app().describe(command + ", server"));
  }

  /** Returns a free port of an address that no other test uses, so that the port stays free. */
  private static int freePort(String address) throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getAllByName(address)[0])) {
      return any.getLocalPort();
    }
  }

  private static boolean hasIpv6() {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getAllByName("::1")[0])) {
      return any.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
