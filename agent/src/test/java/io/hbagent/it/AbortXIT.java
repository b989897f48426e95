package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code abort}: threads that wait on a connection in every way go on with an exception. */
class AbortXIT {

  private static final int WAITING_8 = 17;
  private static final int WAITING_21 = 28;

  /** They go on within milliseconds; the machine may be busy. */
  private static final long LIMIT_MILLIS = 3_000;

  @TestFactory
  Stream<DynamicTest> everyWaitEnds() {
    return Jdk.each(
        jdk -> {
          try (Forked app = start(jdk)) {
            app.awaitOut(0, line -> line.equals("waiting"));
            Map<String, String> ports = ports(app);
            ports.remove("control");
            assertEquals(jdk.version() < 21 ? WAITING_8 : WAITING_21, ports.size());
            String pid = String.valueOf(app.pid());
            wrongTargets(jdk, app);
            oneByDescriptor(jdk, app, ports);
            List<String> all = new ArrayList<>(List.of("abort", pid, "--yes"));
            ports.values().forEach(port -> all.add(":" + port));
            Cli.run(jdk, all.toArray(new String[0])).prints(" connections ended");
            long slowest = 0;
            for (String name : ports.keySet()) {
              String line = app.awaitOut(0, out -> out.startsWith("ended " + name + " "));
              long at = Long.parseLong(line.split(" ", -1)[2]) - abortedAt(app, ports.get(name));
              slowest = Math.max(slowest, at);
              assertTrue(at > -1_000 && at < LIMIT_MILLIS, () -> line + " after " + at + " ms");
            }
            System.out.println(jdk + ": the slowest went on after " + slowest + " ms");
            app.send("control");
            app.awaitOut(0, line -> line.equals("returned control"));
            Cli.run(jdk, "status", pid).prints("aborted:", "failures: 0");
            churn(jdk, app);
          }
        });
  }

  /** On a terminal, which script(1) provides. */
  @TestFactory
  Stream<DynamicTest> asksBeforeItEndsMoreThanOne() throws Exception {
    Forked.assumeRuns(
        List.of("script", "-qec", "test -t 0 -a -t 1", "/dev/null"),
        "script(1) gives no terminal here");
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 2");
            Cli.run(jdk, "attach", app.pid()).prints("attached");
            Cli no = answer(jdk, app, "n");
            no.check(no.code() == 1 && no.out().contains("nothing was changed"), "not ended");
            answer(jdk, app, "y").prints("End these 2 connections of ", "): 2 connections ended");
            Cli.run(jdk, "abort", app.pid(), ":" + app.port()).fails(1, "no connection has");
          }
        });
  }

  private static Cli answer(Jdk jdk, AttachTargetApp app, String answer) throws Exception {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(List.of("-jar", Jvm.AGENT.toString(), "abort", app.pid(), ":" + app.port()));
    Forked script =
        new Forked(new ProcessBuilder("script", "-qec", String.join(" ", command), "/dev/null"));
    script.send(answer);
    return Cli.end(script);
  }

  /** Errors are one sentence with a cure, and change nothing. */
  private static void wrongTargets(Jdk jdk, Forked app) throws Exception {
    String pid = String.valueOf(app.pid());
    Cli.run(jdk, "abort", pid, "db-1:5432").fails(2, "db-1 is no address", "10.0.0.7:5432");
    Cli.run(jdk, "abort", pid, "*", "0").fails(1, "descriptor 0 is no TCP connection");
    Cli.run(jdk, "abort", pid, "*").fails(1, "--yes ends them all");
    Cli.run(jdk, "abort", pid, "*", "--dry-run").prints(" would be ended; nothing was changed");
    assertTrue(app.err().stream().noneMatch(line -> line.contains("event=aborted")), "unchanged");
  }

  /** Ends one connection by its descriptor, which a dry run has shown, without a question. */
  private static void oneByDescriptor(Jdk jdk, Forked app, Map<String, String> ports)
      throws Exception {
    String pid = String.valueOf(app.pid());
    Cli dry = Cli.run(jdk, "abort", pid, ":" + ports.get("socket-read"), "--dry-run");
    String[] row = dry.prints("1 connection would be ended").out().trim().split("\\s+", -1);
    Cli.run(jdk, "abort", pid, row[row.length - 1]).prints("1 connection ended");
    app.awaitOut(0, line -> line.startsWith("ended socket-read "));
    ports.remove("socket-read");
  }

  /**
   * Connections come and go by the thousand, and a pattern names them all: numbers are used again
   * between listing and end, and no other connection than those that were listed may fail.
   */
  private static void churn(Jdk jdk, Forked app) throws Exception {
    app.send("churn");
    String port = app.awaitOut(0, line -> line.startsWith("at churn ")).split(" ", -1)[2];
    String pid = String.valueOf(app.pid());
    // JDK 8 and 11 find remote ends in a snapshot, of which little is left when they end it.
    boolean finds = jdk.version() >= 17;
    int least = finds ? 1 : 0;
    for (int i = 0; i < (finds ? 30 : 3) && (i < 3 || aborted(app, port) < least); i++) {
      Cli run = Cli.run(jdk, "abort", pid, "127.0.0.1:" + port, "--yes");
      run.check(run.code() == 0 || run.err().contains("no connection has"), "ended, or none");
    }
    assertTrue(aborted(app, port) >= least, "one that comes and goes was ended");
    app.send("calm");
    String churned = app.awaitOut(0, line -> line.startsWith("churned "));
    Set<String> ended = new HashSet<>();
    for (String line : app.err()) {
      if (line.contains("event=aborted")) {
        ended.add(line.replaceAll(".* local=\\S+:(\\d+) .*", "$1"));
      }
    }
    List<String> failed =
        app.out().stream().filter(line -> line.startsWith("churn-failed ")).toList();
    System.out.println(
        jdk + ": " + churned + ", " + ended.size() + " ended in all, failed: " + failed);
    for (String line : failed) {
      assertTrue(ended.contains(line.split(" ", -1)[1]), line);
    }
  }

  private static long aborted(Forked app, String port) {
    return app.err().stream()
        .filter(line -> line.contains("event=aborted") && line.contains(":" + port + " "))
        .count();
  }

  private static Map<String, String> ports(Forked app) {
    Map<String, String> ports = new LinkedHashMap<>();
    app.out().stream()
        .filter(line -> line.startsWith("at "))
        .forEach(line -> ports.put(line.split(" ", -1)[1], line.split(" ", -1)[2]));
    return ports;
  }

  /** Returns the time of the log line about the connection with a remote port. */
  private static long abortedAt(Forked app, String port) throws Exception {
    String line =
        app.awaitErr(
            0, err -> err.contains("event=aborted ") && err.contains(":" + port + " role="));
    return Instant.parse(line.replaceAll(".*ts=(\\S+) .*", "$1")).toEpochMilli();
  }

  private static Forked start(Jdk jdk) throws Exception {
    Path file = Files.createDirectories(Path.of("target/attach")).resolve("waiting.jar");
    Path jar = Jars.build(file, Map.of(), AbortXIT.class, "WaitingClients.java");
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(List.of("-Dprobe.keystore=" + KeyStoreFile.path(), "-javaagent:" + Jvm.AGENT));
    command.addAll(List.of("-cp", jar.toString(), "WaitingClients"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("HB_AGENT_OPTIONS");
    return new Forked(builder);
  }
}
