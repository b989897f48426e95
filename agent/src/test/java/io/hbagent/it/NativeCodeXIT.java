package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that native code opens and options that it sets, which no hook sees: found by the
 * sweep, and without it some time after native code was loaded.
 */
class NativeCodeXIT {

  private static final String SWEEP = ProbeRun.OPTIONS + ",sweep=500ms";

  /** A server that accepts connections and keeps them open. */
  private static final class Peer implements AutoCloseable {
    final ServerSocket listener;

    Peer() throws IOException {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Returns the session's command that connects to it by native code. */
    String connect(String name, int from, String... options) {
      String command = "connect " + name + " 127.0.0.1 " + listener.getLocalPort() + " " + from;
      return options.length == 0 ? command : command + " " + String.join(" ", options);
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> enforceSetsAgainWhatNativeCodeChanged() {
    return Jdk.each(
        jdk -> {
          try (Peer peer = new Peer();
              Session session = new Session(new Jvm(jdk).agent(SWEEP))) {
            session.command("open hooked 127.0.0.1 0");
            session.command(peer.connect("native", 0));
            await(session, "native", ProbeRun.POLICY);
            for (String name : List.of("hooked", "native")) {
              session.command("set " + name + " keepalive=0");
              await(session, name, ProbeRun.POLICY);
              session.command("set " + name + " idle=77 intvl=78 cnt=9");
              await(session, name, ProbeRun.POLICY); // timers are not compared in each sweep
            }
            session.app().awaitErr(0, line -> line.contains("event=native-changes"));
            once(session, "native-changes", "set-again=");
            once(session, "native-connections", "given=1 ");
            session.end();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> respectIsOptionByOption() {
    return Jdk.each(
        jdk -> {
          try (Peer peer = new Peer();
              Session session = new Session(new Jvm(jdk).agent(SWEEP + ",conflict=respect"))) {
            session.app().awaitErr(0, StartLine::isStart);
            session.command("open hooked 127.0.0.1 0");
            session.command("set hooked keepalive=0 idle=77");
            session.command(peer.connect("on", 0, "keepalive=1"));
            session.command(peer.connect("idle", 0, "keepalive=1", "idle=77"));
            await(session, "on", ProbeRun.POLICY);
            await(session, "idle", "keepalive=1 idle=77 intvl=5 cnt=3 user-timeout=0");
            session.command(peer.connect("later", 0));
            await(session, "later", ProbeRun.POLICY); // set by a later sweep
            is(session, "hooked", "keepalive=0 idle=77 intvl=5 cnt=3 user-timeout=0");
            is(session, "idle", "keepalive=1 idle=77 intvl=5 cnt=3 user-timeout=0");
            session.end();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> tightenKeepsTheSooner() {
    return Jdk.each(
        jdk -> {
          try (Peer peer = new Peer();
              Session session = new Session(new Jvm(jdk).agent(SWEEP + ",conflict=tighten"))) {
            session.command("open sooner 127.0.0.1 0");
            session.command("set sooner idle=1");
            session.command("open off 127.0.0.1 0");
            session.command("set off keepalive=0");
            session.command(peer.connect("on", 0, "keepalive=1"));
            session.command(peer.connect("quick", 0, "keepalive=1", "idle=2", "intvl=2", "cnt=2"));
            await(session, "off", ProbeRun.POLICY);
            await(session, "on", ProbeRun.POLICY);
            session.command(peer.connect("later", 0));
            await(session, "later", ProbeRun.POLICY); // set by a later sweep
            is(session, "sooner", "keepalive=1 idle=1 intvl=5 cnt=3 user-timeout=0");
            is(session, "quick", "keepalive=1 idle=2 intvl=2 cnt=2 user-timeout=0");
            session.end();
          }
        });
  }

  /**
   * Restored are the options that native code had set, those that the application has set, or the
   * defaults.
   */
  @TestFactory
  Stream<DynamicTest> restoreSetsTheEarlierOptions() {
    return Jdk.each(
        jdk -> {
          try (Peer peer = new Peer();
              Session session = new Session(new Jvm(jdk).agent(SWEEP))) {
            session.app().awaitErr(0, StartLine::isStart);
            session.command("open hooked 127.0.0.1 0");
            session.command("open wanted 127.0.0.1 0");
            session.command("want wanted");
            session.command(peer.connect("native", 0));
            session.command(peer.connect("own", 0, "keepalive=1", "idle=77"));
            await(session, "own", ProbeRun.POLICY);
            await(session, "native", ProbeRun.POLICY);
            String pid = String.valueOf(session.app().pid());
            Cli.run(jdk, "detach", "--restore", pid).prints("turned off on 4 connections");
            is(session, "hooked", ProbeRun.UNTOUCHED);
            is(session, "native", ProbeRun.UNTOUCHED);
            is(
                session,
                "own",
                ProbeRun.UNTOUCHED.replaceFirst("keepalive=0 idle=[0-9]+", "keepalive=1 idle=77"));
            is(session, "wanted", ProbeRun.UNTOUCHED.replace("keepalive=0", "keepalive=1"));
            session.end();
          }
        });
  }

  /** A connection on a port whose listener is closed is not taken for an accepted one. */
  @TestFactory
  Stream<DynamicTest> clientOnAFormerListenersPortIsAClient() throws Exception {
    Path file =
        Text.write(
            folder.resolve("rules.properties"),
            "idle = 5",
            "intvl = 5",
            "sweep = 500ms",
            "rules = in",
            "rule.in.role = server",
            "rule.in.idle = 9");
    return Jdk.each(
        jdk -> {
          try (Peer peer = new Peer();
              Session session = new Session(new Jvm(jdk).agent("config=" + file))) {
            int port = freePort();
            session.command("listen former 127.0.0.1 " + port);
            session.command(peer.connect("before", 0));
            await(session, "before", ProbeRun.POLICY); // this sweep saw the listener
            session.command("close former");
            session.command(peer.connect("after", port));
            await(session, "after", ProbeRun.POLICY);
            session.end();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> foundAfterALibraryWithoutSweep() {
    return Jdk.each(jdk -> found(jdk, "library", ""));
  }

  @TestFactory
  Stream<DynamicTest> foundAfterALibraryWithSweepOff() {
    return Jdk.each(jdk -> found(jdk, "library", ",watchdog=500ms,sweep=off"));
  }

  @TestFactory
  Stream<DynamicTest> foundAfterForeignFunctionsWithoutSweep() {
    return Jdk.each(
        jdk -> {
          assumeTrue(jdk.version() >= 22, "JDK " + jdk.version() + " has no foreign functions");
          found(jdk, "foreign", "");
        });
  }

  /** Checks that a native connection is found in an application without any other. */
  private static void found(Jdk jdk, String command, String options) throws Exception {
    try (Peer peer = new Peer();
        Session session = new Session(new Jvm(jdk).agent(ProbeRun.OPTIONS + options))) {
      session.app().awaitErr(0, StartLine::isStart);
      session.command(peer.connect("native", 0));
      session.command(command);
      is(session, "native", ProbeRun.UNTOUCHED);
      await(session, "native", ProbeRun.POLICY);
      session.app().awaitErr(0, line -> line.contains("event=native-connections"));
      once(session, "native-connections", "given=1 ", "sweep=5s");
      session.end();
    }
  }

  /** The channel that inetd and systemd pass to a server that is started for each connection. */
  @TestFactory
  Stream<DynamicTest> inheritedChannelIsAServers() {
    assumeTrue(Files.exists(Path.of("/usr/bin/perl")), "perl opens the connection");
    List<String> inetd =
        List.of(
            "/usr/bin/perl",
            "-MSocket",
            "-e",
            "socket(L, PF_INET, SOCK_STREAM, 0); bind(L, sockaddr_in(0, INADDR_LOOPBACK));"
                + " listen(L, 1); socket(C, PF_INET, SOCK_STREAM, 0); connect(C, getsockname(L));"
                + " accept(A, L); close L;"
                + " if (fork == 0) { close A; alarm 300; <STDIN>; exit }"
                + " close C; open(STDIN, '<&', A); exec @ARGV");
    return Jdk.each(
        jdk -> {
          String options = SWEEP + ",watchdog=500ms";
          try (Forked app =
              new Jvm(jdk)
                  .under(inetd)
                  .agent(options)
                  .start("--families=4", "--threads=platform", "inherited")) {
            // The JDK closes the standard streams with this channel.
            app.awaitOut(0, line -> line.startsWith("inherited end=server"));
            app.awaitErr(0, StartLine::isStart);
            Waiting.forValue(
                app,
                () -> {
                  Cli status = Cli.run(jdk, "status", "--json", String.valueOf(app.pid()));
                  List<Map<String, String>> all = StatusJson.connections(status);
                  assertEquals(List.of("server"), all.stream().map(c -> c.get("role")).toList());
                  status.prints("\"failures\": 0");
                  return status.out().contains("\"watched\": 1") ? status : null;
                });
            app.send("end");
            new ProbeRun(app, app.exit()).all(ProbeRun.POLICY);
          }
        });
  }

  private static void await(Session session, String name, String options) throws Exception {
    try {
      Waiting.forValue(
          session.app(), () -> options(session, name).equals(options) ? options : null);
    } catch (AssertionError e) {
      throw new AssertionError("wanted on " + name + ": " + options, e);
    }
  }

  private static void is(Session session, String name, String options) throws Exception {
    assertEquals(options, options(session, name), () -> session.app().describe(name));
  }

  /** Returns the options of the client's end. */
  private static String options(Session session, String name) throws InterruptedException {
    return session.command("read " + name).get(0).options();
  }

  private static void once(Session session, String event, String... parts) {
    List<String> lines =
        session.app().err().stream().filter(line -> line.contains("event=" + event)).toList();
    assertEquals(1, lines.size(), () -> session.app().describe(event));
    for (String part : parts) {
      assertTrue(lines.get(0).contains(part), () -> session.app().describe(part));
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }
}
