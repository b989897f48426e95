package io.hbagent.diagnose;

import static io.hbagent.diagnose.Verdict.ACTIVE;
import static io.hbagent.diagnose.Verdict.CONNECTING;
import static io.hbagent.diagnose.Verdict.HALF_OPEN;
import static io.hbagent.diagnose.Verdict.IDLE_AND_HEALTHY;
import static io.hbagent.diagnose.Verdict.IDLE_UNPROVEN;
import static io.hbagent.diagnose.Verdict.NETWORK_LOST;
import static io.hbagent.diagnose.Verdict.NO_REPLY;
import static io.hbagent.diagnose.Verdict.PEER_DOES_NOT_READ;
import static io.hbagent.diagnose.Verdict.SERVICE_DOES_NOT_ANSWER;
import static io.hbagent.diagnose.Verdict.SLOW_OR_LOSSY;
import static io.hbagent.diagnose.Verdict.WE_DO_NOT_CLOSE;
import static io.hbagent.diagnose.Verdict.WE_DO_NOT_READ;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.it.Cli;
import io.hbagent.it.Forked;
import io.hbagent.it.Jars;
import io.hbagent.it.Jdk;
import io.hbagent.it.Jvm;
import io.hbagent.it.StatusJson;
import io.hbagent.watch.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Verdicts on connections, against the truth of what was done to them, on a real network: one
 * application with all of them at once. Prints the matrix.
 */
class DiagnosisXIT {

  private static final String BEGIN = "<!-- verdicts: written by DiagnosisXIT -->\n";
  private static final String END = "<!-- end of verdicts -->";

  /** An address without a host. */
  private static final String NOWHERE = "192.0.2.77";

  private static final int LIVING = 9001;
  private static final int STOPPED = 9002;
  private static final int UNPROVEN = 9003;
  private static final int OURS = 9004;

  /** The ages are known: not on JDK 8 to 21. */
  private static final int AGES = 22;

  /** To write the examples anew: {@code -Ddiagnosis.write=true}, on JDK 22 or newer. */
  private static final boolean DOCUMENT = Boolean.getBoolean("diagnosis.write");

  private static final long LIMIT_NANOS = 60_000_000_000L;

  /** One connection: what was done to it, and what is expected of it; null for no wrong alarm. */
  private record Case(String done, Verdict withAges, Verdict without) {}

  /** The action for a verdict, and what status reports of it. */
  private record Example(String done, List<String> lines) {}

  /** One run on one JDK. */
  private static final class Run implements AutoCloseable {
    private final Jdk jdk;
    private final Network network;
    private final Forked app;
    private final Forked peer;
    private final Forked stopped;

    /** By "local port" and "remote port" of our end. */
    private final Map<String, Case> cases = new LinkedHashMap<>();

    private final List<String> matrix = new ArrayList<>();
    private final Map<Verdict, Example> examples = new EnumMap<>(Verdict.class);
    private Map<String, Map<String, String>> last = Map.of();

    Run(Jdk jdk, Network network) throws Exception {
      this.jdk = jdk;
      this.network = network;
      Path jar = Jars.build(Path.of("target/ends.jar"), Map.of(), DiagnosisXIT.class, "Ends.java");
      List<String> command = jdk.command();
      Path rules = Path.of("target/diagnosis.properties").toAbsolutePath();
      Files.writeString(
          rules,
          "idle = 1\nintvl = 1\ncnt = 30\nwatchdog = true\nrules = unproven\n"
              + "rule.unproven.remote = *:"
              + UNPROVEN
              + "\nrule.unproven.keepalive = off\n");
      command.add("-javaagent:" + Jvm.AGENT + "=config=" + rules);
      command.addAll(List.of("-cp", jar.toString(), "Ends"));
      app = network.startHere(command);
      List<String> other = Jdk.running().command();
      other.addAll(List.of("-cp", jar.toString(), "Ends"));
      peer = network.startThere(other);
      stopped = network.startThere(other);
    }

    static void tell(Forked who, String command) throws InterruptedException {
      int from = who.out().size();
      who.send(command);
      who.awaitOut(from, ("ok " + command)::equals);
    }

    /** Our end dials; returns the name of the peer's end. */
    String dial(String name, int port, Case expected) throws InterruptedException {
      int from = peer.out().size();
      tell(app, "dial " + name + " " + Network.PEER + " " + port);
      String line = app.awaitOut(0, each -> each.startsWith("end " + name + " "));
      String local = line.split(" ", -1)[2];
      cases.put(local + " " + port, expected);
      return port == STOPPED ? null : name(peer.awaitOut(from, each -> each.endsWith(" " + local)));
    }

    /** The peer dials; returns the name of our end. */
    String accept(String name, Case expected) throws InterruptedException {
      int from = app.out().size();
      tell(peer, "dial " + name + " " + Network.OURS + " " + OURS);
      String line = peer.awaitOut(0, each -> each.startsWith("end " + name + " "));
      String port = line.split(" ", -1)[2];
      cases.put(OURS + " " + port, expected);
      return name(app.awaitOut(from, each -> each.endsWith(" " + port)));
    }

    private static String name(String line) {
      return line.split(" ", -1)[1];
    }

    Verdict expected(Case of) {
      return jdk.version() >= AGES ? of.withAges : of.without;
    }

    /** Reads the status until all is as expected; a worse verdict in between is a failure. */
    void check(String phase) throws Exception {
      long begin = System.nanoTime();
      List<String> wrong;
      do {
        read();
        wrong = new ArrayList<>();
        for (Map.Entry<String, Case> each : cases.entrySet()) {
          Map<String, String> found = last.get(each.getKey());
          String text = each.getKey() + " " + each.getValue() + ": " + found;
          assertTrue(found != null || each.getValue().withAges == CONNECTING, text);
          Verdict verdict = found == null ? null : Verdict.of(found.get("verdict"));
          Verdict expected = expected(each.getValue());
          boolean good =
              expected == null
                  ? verdict != null && verdict.compareTo(SLOW_OR_LOSSY) >= 0
                  : verdict == expected;
          if (!good) {
            assertTrue(
                verdict == null || (expected != null && verdict.compareTo(expected) > 0),
                () -> phase + ", worse than it is: " + text);
            wrong.add(text);
          }
        }
      } while (!wrong.isEmpty() && System.nanoTime() - begin < LIMIT_NANOS);
      assertEquals(List.of(), wrong, phase);
      List<String> text = DOCUMENT ? status().lines() : List.of();
      for (Map.Entry<String, Case> each : cases.entrySet()) {
        Map<String, String> found = last.get(each.getKey());
        matrix.add(
            String.format(
                "%-6s %-62s %-24s %7s  %s",
                jdk.version(),
                each.getValue().done,
                found.get("verdict"),
                found.getOrDefault("since-ms", "?"),
                found.get("evidence")));
        if (DOCUMENT) {
          example(each.getValue(), found, text);
        }
      }
    }

    private Cli status(String... options) throws Exception {
      List<String> words = new ArrayList<>(List.of("status"));
      words.addAll(List.of(options));
      words.add(Long.toString(app.pid()));
      return Cli.run(jdk, words.toArray(new String[0])).prints("");
    }

    /** Keeps what status says of the first case of its verdict. */
    private void example(Case of, Map<String, String> found, List<String> text) {
      Verdict verdict = Verdict.of(found.get("verdict"));
      String head = "  " + verdict.words().toUpperCase(Locale.ROOT) + " ";
      String peer =
          found.get("role").equals("client") ? " to " + found.get("remote") : " to our port ";
      List<String> lines = new ArrayList<>();
      for (String line : text) {
        boolean first = line.startsWith(head) && line.contains(peer);
        if (lines.isEmpty() ? first : line.startsWith("      ")) {
          lines.add(line.substring(2));
        } else if (!lines.isEmpty()) {
          break;
        }
      }
      if (lines.isEmpty()) {
        lines.add("evidence: " + found.get("evidence"));
      }
      examples.putIfAbsent(verdict, new Example(of.done, lines));
    }

    private void read() throws Exception {
      Cli status = status("--json").prints("\"failures\": 0");
      Map<String, Map<String, String>> found = new TreeMap<>();
      for (Map<String, String> each : StatusJson.connections(status)) {
        String remote = each.get("remote");
        String remotePort = remote.substring(remote.lastIndexOf(':') + 1);
        String local = each.get("local");
        String localPort = local.substring(local.lastIndexOf(':') + 1);
        boolean nowhere = remote.startsWith(NOWHERE);
        found.put(nowhere ? NOWHERE : localPort + " " + remotePort, each);
      }
      last = found;
    }

    /** Returns a number of the connection that something was done to. */
    long number(String done, String name) {
      for (Map.Entry<String, Case> each : cases.entrySet()) {
        if (each.getValue().done.equals(done)) {
          return Long.parseLong(last.get(each.getKey()).get(name));
        }
      }
      throw new IllegalArgumentException(done);
    }

    void forget() {
      cases.clear();
    }

    @Override
    public void close() {
      app.close();
      peer.close();
      stopped.close();
      matrix.forEach(System.out::println);
    }
  }

  private static Case is(String done, Verdict verdict) {
    return new Case(done, verdict, verdict);
  }

  @TestFactory
  Stream<DynamicTest> whatWasDoneAgainstTheVerdict() {
    return Jdk.each(
        jdk -> {
          try (Network network = Network.createWorsening();
              Run run = new Run(jdk, network)) {
            Network.run(network.here("ip", "route", "add", NOWHERE, "dev", "hb0"));
            Run.tell(run.peer, "listen p " + Network.PEER + " " + LIVING);
            Run.tell(run.peer, "listen u " + Network.PEER + " " + UNPROVEN);
            Run.tell(run.stopped, "listen s " + Network.PEER + " " + STOPPED);
            Run.tell(run.app, "listen a " + Network.OURS + " " + OURS);
            onAGoodNetwork(run);
            onALossyNetwork(run);
            onNoNetwork(run);
            if (DOCUMENT) {
              write(run.examples);
            }
          }
        });
  }

  private static void write(Map<Verdict, Example> examples) throws Exception {
    StringBuilder all = new StringBuilder();
    for (Verdict each : Verdict.values()) {
      Example example = examples.get(each);
      all.append("\n### ").append(each).append("\n\n").append(each.meaning).append("\n\n");
      if (example != null) {
        all.append("Done: ").append(example.done).append(".\n\n```\n");
        example.lines.forEach(line -> all.append(line).append('\n'));
        all.append("```\n\n");
      }
      all.append("What to do: ").append(each.advice).append(".\n");
    }
    Path file = Path.of("../docs/diagnosis.md");
    String text = Files.readString(file);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    Files.writeString(file, text.substring(0, from) + all + "\n" + text.substring(to));
  }

  /** Stops a process, and waits until all its threads are stopped. */
  private static void stop(long pid) throws Exception {
    new ProcessBuilder("kill", "-STOP", "" + pid).start().waitFor();
    Path tasks = Path.of("/proc/" + pid + "/task");
    long begin = System.nanoTime();
    boolean stopped;
    do {
      try (Stream<Path> all = Files.list(tasks)) {
        stopped = all.allMatch(DiagnosisXIT::isStopped);
      }
    } while (!stopped && System.nanoTime() - begin < LIMIT_NANOS);
    assertTrue(stopped, "stopped");
  }

  private static boolean isStopped(Path task) {
    try {
      return Files.readString(task.resolve("stat")).matches("(?s).*\\) T .*");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void onAGoodNetwork(Run run) throws Exception {
    Forked app = run.app;
    Forked peer = run.peer;
    // The peer's process is stopped: before it accepts, and after it has answered once.
    Case hung =
        new Case("client: peer stopped, asked, a thread reads", SERVICE_DOES_NOT_ANSWER, NO_REPLY);
    run.dial("asked", STOPPED, hung);
    run.stopped.awaitOut(0, line -> line.startsWith("end s0 "));
    Run.tell(run.stopped, "answer s0 0");
    Run.tell(app, "write asked 1");
    Run.tell(app, "expect asked 1");
    run.dial(
        "greeting", STOPPED, is("client: peer stopped, no greeting, a thread reads", NO_REPLY));
    stop(run.stopped.pid());
    Run.tell(app, "write asked 1");
    Run.tell(app, "read asked");
    Run.tell(app, "read greeting");

    String mute =
        run.dial(
            "mute",
            LIVING,
            new Case("client: asked, no reply, no thread reads", NO_REPLY, IDLE_AND_HEALTHY));
    Run.tell(peer, "read " + mute);
    Run.tell(app, "write mute 1");
    String slow =
        run.dial(
            "slow", LIVING, new Case("client: answered after 2 s", IDLE_AND_HEALTHY, NO_REPLY));
    Run.tell(peer, "answer " + slow + " 2000");
    Run.tell(app, "read slow");
    Run.tell(app, "write slow 1");
    String idle =
        run.dial("idle", LIVING, is("client: answered, idle, keepalive", IDLE_AND_HEALTHY));
    Run.tell(peer, "answer " + idle + " 0");
    Run.tell(app, "write idle 1");
    Run.tell(app, "expect idle 1");
    String unproven =
        run.dial("unproven", UNPROVEN, is("client: answered, idle, no keepalive", IDLE_UNPROVEN));
    Run.tell(peer, "answer " + unproven + " 0");
    Run.tell(app, "write unproven 1");
    Run.tell(app, "expect unproven 1");
    run.dial("full", LIVING, is("client: peer does not read", PEER_DOES_NOT_READ));
    Run.tell(app, "flood full");
    String unread =
        run.dial("unread", LIVING, is("client: peer has sent, no one reads", WE_DO_NOT_READ));
    Run.tell(peer, "write " + unread + " 1000");
    String closed = run.dial("closed", LIVING, is("client: peer has closed", WE_DO_NOT_CLOSE));
    Run.tell(peer, "close " + closed);
    String busy =
        run.dial("busy", LIVING, new Case("client: a byte each 200 ms", ACTIVE, IDLE_AND_HEALTHY));
    Run.tell(peer, "read " + busy);
    Run.tell(app, "beat busy 200");

    String served =
        run.accept("served", is("server: has answered, a thread reads", IDLE_AND_HEALTHY));
    Run.tell(app, "answer " + served + " 0");
    Run.tell(peer, "write served 1");
    Run.tell(peer, "expect served 1");
    String stuffed = run.accept("stuffed", is("server: peer does not read", PEER_DOES_NOT_READ));
    Run.tell(app, "flood " + stuffed);
    run.accept("ignored", is("server: peer sends, no one reads", WE_DO_NOT_READ));
    Run.tell(peer, "flood ignored");
    run.accept("left", is("server: peer has closed", WE_DO_NOT_CLOSE));
    Run.tell(peer, "close left");
    run.cases.put(NOWHERE, is("client: SYN to nowhere", CONNECTING));
    Run.tell(app, "connect nowhere " + NOWHERE + " 80");
    run.check("good network");

    if (run.jdk.version() >= AGES) {
      // An answered keepalive probe refreshes last_ack_recv alone.
      String quiet = "client: answered, idle, keepalive";
      assertTrue(run.number(quiet, "last-ack-ms") < run.number(quiet, "last-received-ms") - 1_000);
      // last_data_recv counts from the establishment where nothing was received.
      String greeting = "client: peer stopped, no greeting, a thread reads";
      assertEquals(0, run.number(greeting, "bytes-received"));
      assertTrue(run.number(greeting, "last-received-ms") < 60_000);
    }
    // The text leads with them, and why explains the worst of a peer.
    run.status().prints("  PEER DOES NOT READ for ", "  WE DO NOT READ for ", " idle and healthy");
    String pid = Long.toString(run.app.pid());
    Cli.run(run.jdk, "why", pid, NOWHERE).prints(": CONNECTING", "what to do: check address");
    run.forget();
  }

  private static void onALossyNetwork(Run run) throws Exception {
    Forked app = run.app;
    Forked peer = run.peer;
    String out =
        run.dial("out", LIVING, new Case("client: 200 ms and 2% loss", SLOW_OR_LOSSY, null));
    Run.tell(peer, "read " + out);
    String in = run.accept("in", new Case("server: 200 ms and 2% loss", SLOW_OR_LOSSY, null));
    Run.tell(peer, "read in");
    run.network.worsen(100, 0.02);
    Run.tell(app, "beat out 5");
    Run.tell(app, "beat " + in + " 5");
    run.check("lossy network");
    run.network.worsen(0, 0);
    run.forget();
  }

  private static void onNoNetwork(Run run) throws Exception {
    Forked app = run.app;
    Forked peer = run.peer;
    String flying =
        run.dial("flying", LIVING, is("client: black hole, data in flight", NETWORK_LOST));
    Run.tell(peer, "read " + flying);
    String lost = run.accept("lost", is("server: black hole, data in flight", NETWORK_LOST));
    Run.tell(peer, "read lost");
    run.dial("gone", LIVING, is("client: black hole, idle", HALF_OPEN));
    run.accept("vanished", is("server: black hole, idle", HALF_OPEN));
    run.network.worsen(0, 1);
    long begin = System.nanoTime();
    Run.tell(app, "write flying 1");
    Run.tell(app, "write " + lost + " 1");
    run.check("no network");
    long elapsed = (System.nanoTime() - begin) / 1_000_000;
    if (run.jdk.version() >= AGES) {
      // A retransmission restarts last_data_sent; since-ms is right all the same.
      String inFlight = "client: black hole, data in flight";
      long since = run.number(inFlight, "since-ms");
      assertTrue(since <= elapsed && since > run.number(inFlight, "last-sent-ms"), since + " ms");
      assertTrue(since >= 1_000, since + " ms");
    }
  }
}
