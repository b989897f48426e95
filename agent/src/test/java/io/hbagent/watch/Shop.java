package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.it.Cli;
import io.hbagent.it.Forked;
import io.hbagent.it.Jars;
import io.hbagent.it.Jdk;
import io.hbagent.it.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A client under test, {@code shop.Orders}, on our host of a {@link Network}, and the server on the
 * peer's that accepts and says nothing. And the command line, which asks the client's agent.
 */
final class Shop implements AutoCloseable {

  static final int PORT = 7101;

  private static Path jar;

  private final Jdk jdk;
  private final Forked server;
  private Forked client;
  private boolean expectsWatchdog;

  private Shop(Network network, Jdk jdk) throws Exception {
    this.jdk = jdk;
    List<String> command =
        join(Jdk.running().command(), "-jar", Jvm.TESTAPP.toString(), "mute", "server");
    server = network.startThere(join(command, "--host", Network.PEER, "--port", "" + PORT));
    server.awaitOut(0, line -> line.startsWith("listening on "));
  }

  /** With the agent, and these options for it; null for a client without an agent. */
  static Shop open(Network network, Jdk jdk, String options) throws Exception {
    return open(List.of(), network, jdk, options);
  }

  /** The same, by a JVM with these options. */
  static Shop openUnder(List<String> jvm, Network network, Jdk jdk, String options)
      throws Exception {
    return open(jvm, network, jdk, options);
  }

  /** The same, and the first statement of its main opens a connection. */
  static Shop openAtOnce(Network network, Jdk jdk, String options) throws Exception {
    return open(List.of(), network, jdk, options, "first");
  }

  private static Shop open(
      List<String> jvm, Network network, Jdk jdk, String options, String... connections)
      throws Exception {
    Shop shop = new Shop(network, jdk);
    try {
      shop.client = network.startHere(join(shop.command(jvm, options), connections));
      shop.client.awaitOut(0, "ready"::equals);
      shop.expectsWatchdog = options != null;
      if (connections.length > 0) {
        shop.awaitFirstConnection();
      }
    } catch (Exception | Error e) {
      shop.close();
      throw e;
    }
    return shop;
  }

  /** Its standard output is a connection to the server, which no hook of the JVM has seen. */
  static Shop withNativeConnection(Network network, Jdk jdk, String options) throws Exception {
    Shop shop = new Shop(network, jdk);
    String redirect = "exec \"$@\" >/dev/tcp/" + Network.PEER + "/" + PORT;
    List<String> command = new ArrayList<>(List.of("bash", "-c", redirect, "bash"));
    command.addAll(shop.command(List.of(), options));
    shop.client = network.startHere(command);
    shop.client.awaitErr(0, line -> line.contains(" event=started "));
    return shop;
  }

  /**
   * The watchdog begins with the first connection: what happens before is another test's matter.
   */
  private void awaitFirstConnection() throws Exception {
    if (expectsWatchdog) {
      expectsWatchdog = false;
      awaitWatchdog(client);
    }
  }

  /** Waits until its watchdog is there. */
  static void awaitWatchdog(Forked app) throws Exception {
    for (int i = 0; watchdogs(app) == 0; i++) {
      assertTrue(i < 900, () -> app.describe("a watchdog"));
      Thread.sleep(100);
    }
  }

  /** Waits, for five seconds, until the watchdog's thread is gone. */
  static void awaitNoWatchdog(Forked app) throws Exception {
    for (int i = 0; i < 100 && watchdogs(app) > 0; i++) {
      Thread.sleep(50);
    }
    assertEquals(0, watchdogs(app));
  }

  private List<String> command(List<String> jvm, String options) throws IOException {
    List<String> command = jdk.command();
    command.addAll(jvm);
    if (options != null) {
      command.add("-javaagent:" + Jvm.AGENT + "=" + options);
    }
    return join(command, "-cp", jar().toString(), "shop.Orders", Network.PEER, "" + PORT);
  }

  private static List<String> join(List<String> first, String... more) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all;
  }

  private static synchronized Path jar() throws IOException {
    if (jar == null) {
      Path file = Files.createDirectories(Path.of("target/shop")).resolve("shop.jar");
      jar = Jars.build(file, Map.of(), Shop.class, "shop/Orders.java");
    }
    return jar;
  }

  Forked client() {
    return client;
  }

  /** Gives the client a command, and waits until it is done. */
  void tell(String command) throws Exception {
    int before = client.out().size();
    client.send(command);
    String end = client.awaitOut(before, line -> line.matches("(ok|error) " + command + "(: .*)?"));
    assertEquals("ok " + command, end);
    if (command.matches("(hold|read|own) .*")) {
      awaitFirstConnection();
    }
  }

  /** The command line with the client's process as its target; what it printed. */
  String cli(String verb, String... more) throws Exception {
    return cli(client, verb, more);
  }

  private static String cli(Forked app, String verb, String... more) throws Exception {
    List<String> arguments = join(List.of(verb, "" + app.pid()), more);
    return Cli.run(Jdk.running(), arguments.toArray(new String[0])).prints().out();
  }

  /** A number of the status, as JSON has it. */
  long status(String name) throws Exception {
    return number(cli("status", "--json"), name);
  }

  /** Waits until a number of the status has come to this. */
  void awaitStatus(String name, long least, String what) throws Exception {
    for (int i = 0; status(name) < least; i++) {
      assertTrue(i < 60, () -> client.describe(what));
      Thread.sleep(100);
    }
  }

  /** A number of the status of any application. */
  static long status(Forked app, String name) throws Exception {
    return number(cli(app, "status", "--json"), name);
  }

  /** A number of the client's connection with this descriptor. */
  long status(String fd, String name) throws Exception {
    String json = cli("status", "--json");
    int from = json.indexOf("\"fd\": " + fd + ",");
    assertTrue(from >= 0, () -> "no descriptor " + fd + " in " + json);
    return number(json.substring(from), name);
  }

  private static long number(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\": (\\d+)").matcher(json);
    assertTrue(matcher.find(), () -> "no " + name + " in " + json);
    return Long.parseLong(matcher.group(1));
  }

  /** How many threads of the watchdog the client has. */
  long watchdogs() throws IOException {
    return watchdogs(client);
  }

  /** Counts twice where there seem to be two: a new thread has the name of its starter at first. */
  static long watchdogs(Forked app) throws IOException {
    int tasks = watchdogTasks(app).size();
    if (tasks > 1) {
      LockSupport.parkNanos(200_000_000);
      tasks = watchdogTasks(app).size();
    }
    return tasks;
  }

  /** Returns whether the agent's own thread is there, without a request, which would start it. */
  boolean hasAgentThread() throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + client.pid() + "/task"))) {
      return tasks.anyMatch(task -> name(task).equals("hb-agent"));
    }
  }

  /** The client's watchdog among its threads in /proc; its name there is the kernel's number. */
  Path watchdogTask() throws IOException {
    return watchdogTasks(client).get(0);
  }

  private static List<Path> watchdogTasks(Forked app) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + app.pid() + "/task"))) {
      return tasks.filter(Shop::isWatchdog).toList();
    }
  }

  /** The kernel keeps 15 characters of a name, JDKs shorten it differently: hb-agen..tchdog. */
  private static boolean isWatchdog(Path task) {
    String name = name(task);
    return name.startsWith("hb-agen") && !name.equals("hb-agent") && !name.equals("hb-agent-log");
  }

  private static String name(Path task) {
    try {
      return Files.readString(task.resolve("comm")).trim();
    } catch (IOException e) {
      return ""; // ended in the meantime
    }
  }

  /** The peer's application ends, and its kernel closes what it had accepted. */
  void closeServer() {
    server.close();
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    server.close();
  }
}
