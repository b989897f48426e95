package io.hbagent.watch;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.Jvm;
import io.hbagent.it.OtherUser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Two hosts and a cable, without root: two network namespaces and a veth pair between them.
 * 192.0.2/24 is kept for documentation; here it exists in these namespaces only.
 */
public final class Network implements AutoCloseable {

  public static final String OURS = "192.0.2.1";
  public static final String PEER = "192.0.2.2";

  private final Forked ours;
  private Forked peer;

  /** What carries the packets of a network that can worsen; null where the kernel does. */
  private Forked cable;

  private Network() throws Exception {
    ours = holder(List.of());
    run(here("ip", "link", "set", "lo", "up"));
  }

  private static Network plugged() throws Exception {
    Network network = new Network();
    network.peer = network.plugIn();
    return network;
  }

  /** A network, or a test that is skipped and says why in one line. */
  public static Network create() throws Exception {
    assumeNamespaces();
    return plugged();
  }

  private static void assumeNamespaces() throws Exception {
    String reason = whyNot();
    Assumptions.assumeTrue(reason == null, "no network namespaces here: " + reason);
  }

  /** A network, or an exception where there is none to be had. */
  static Network open() throws Exception {
    String reason = whyNot();
    if (reason != null) {
      throw new UnsupportedOperationException("no network namespaces here: " + reason);
    }
    return plugged();
  }

  /** A network that can {@link #worsen}, or a test that is skipped and says why in one line. */
  public static Network createWorsening() throws Exception {
    assumeNamespaces();
    Network network = new Network();
    network.peer = holder(enter(network.ours));
    Path script = Path.of("target/cable.py").toAbsolutePath();
    try (InputStream in = Network.class.getResourceAsStream("cable.py")) {
      Files.write(script, in.readAllBytes());
    }
    List<String> command = new ArrayList<>(List.of("python3", script.toString()));
    command.addAll(List.of("" + network.ours.pid(), "" + network.peer.pid()));
    String problem = network.startCable(command);
    if (problem != null) {
      network.close();
      Assumptions.abort("no python3 with TUN devices here: " + problem);
    }
    run(network.here("ip", "address", "add", OURS, "peer", PEER, "dev", "hb0"));
    run(network.here("ip", "link", "set", "hb0", "up"));
    run(network.there("ip", "address", "add", PEER, "peer", OURS, "dev", "hb1"));
    run(network.there("ip", "link", "set", "hb1", "up"));
    return network;
  }

  private String startCable(List<String> command) throws Exception {
    try {
      cable = startHere(command);
      cable.awaitOut(0, "plugged in"::equals);
      return null;
    } catch (IOException | AssertionError e) {
      List<String> err = cable == null ? List.of() : cable.err();
      return err.isEmpty() ? e.getMessage() : err.get(err.size() - 1); // of a stack trace
    }
  }

  /**
   * From here on the network is slow and loses packets.
   *
   * @param millis each way
   * @param loss share of the packets lost, each way
   */
  public void worsen(int millis, double loss) throws Exception {
    int before = cable.out().size();
    cable.send(millis + " " + loss);
    cable.awaitOut(before, "delays and loses"::equals);
  }

  /** Returns the exit code of what carries the packets, once its input is closed. */
  int letGo() throws Exception {
    cable.closeInput();
    return cable.exit();
  }

  /** A counter of TCP in /proc/net/snmp of our host, as RetransSegs. */
  long counter(String name) throws Exception {
    List<String> lines =
        run(here("cat", "/proc/net/snmp")).stream().filter(l -> l.startsWith("Tcp:")).toList();
    List<String> names = List.of(lines.get(0).split(" ", -1));
    return Long.parseLong(lines.get(1).split(" ", -1)[names.indexOf(name)]);
  }

  private static String whyNot() throws InterruptedException {
    List<String> command = new ArrayList<>(unshare());
    command.addAll(List.of("ip", "link", "add", "hb0", "type", "veth", "peer", "name", "hb1"));
    try (Forked forked = new Forked(new ProcessBuilder(command))) {
      return forked.exit() == 0 ? null : String.join(" ", forked.err());
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static List<String> unshare() {
    return List.of("unshare", "-n" + OtherUser.MAP_ROOT);
  }

  /** A process that keeps a namespace alive; waits until it is inside. */
  private static Forked holder(List<String> prefix) throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(prefix.isEmpty() ? unshare() : List.of("unshare", "-n"));
    command.addAll(List.of("sh", "-c", "echo inside; exec sleep 600"));
    Forked holder = new Forked(new ProcessBuilder(command));
    holder.awaitOut(0, "inside"::equals);
    return holder;
  }

  private Forked plugIn() throws Exception {
    Forked holder = holder(enter(ours));
    String pid = Long.toString(holder.pid());
    run(here("ip", "link", "add", "hb0", "type", "veth", "peer", "name", "hb1", "netns", pid));
    run(here("ip", "address", "add", OURS + "/24", "dev", "hb0"));
    run(here("ip", "link", "set", "hb0", "up"));
    run(in(holder, "ip", "address", "add", PEER + "/24", "dev", "hb1"));
    run(in(holder, "ip", "link", "set", "hb1", "up"));
    return holder;
  }

  private static List<String> enter(Forked holder) {
    List<String> command = new ArrayList<>(List.of("nsenter", "-t", "" + holder.pid(), "-n"));
    if (!OtherUser.IS_ROOT) {
      command.addAll(List.of("-U", "--preserve-credentials"));
    }
    return command;
  }

  private static ProcessBuilder in(Forked holder, String... command) {
    List<String> all = new ArrayList<>(enter(holder));
    all.addAll(List.of(command));
    return new ProcessBuilder(all);
  }

  /** A command on the application's host. */
  public ProcessBuilder here(String... command) {
    return in(ours, command);
  }

  /** A command on the peer's host. */
  public ProcessBuilder there(String... command) {
    return in(peer, command);
  }

  /** Starts a program on the application's host. */
  public Forked startHere(List<String> command) throws IOException {
    return new Forked(here(command.toArray(new String[0])));
  }

  /** Starts a program on the peer's host. */
  public Forked startThere(List<String> command) throws IOException {
    return new Forked(there(command.toArray(new String[0])));
  }

  /**
   * Starts a server of testapp on the application's host.
   *
   * @param java the java to run and options for it
   * @param options of the agent; null for none
   */
  Forked startServer(List<String> java, String options, String kind, int port) throws IOException {
    List<String> command = new ArrayList<>(java);
    if (options != null) {
      command.add("-javaagent:" + Jvm.AGENT + "=" + options);
    }
    command.addAll(List.of("-jar", Jvm.TESTAPP.toString(), kind, "server", "--host", OURS));
    command.addAll(List.of("--port", Integer.toString(port)));
    return startHere(command);
  }

  /** Starts the {@link Crowd} on the peer's host, and waits until all its connections are open. */
  Forked startCrowd(int connections, List<Integer> ports) throws Exception {
    URI classes = Crowd.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    List<String> command = Jdk.running().command();
    command.addAll(List.of("-cp", Path.of(classes).toString(), Crowd.class.getName(), OURS));
    command.add(Integer.toString(connections));
    ports.forEach(port -> command.add(port.toString()));
    Forked crowd = startThere(command);
    crowd.awaitOut(0, ("open " + connections * ports.size())::equals);
    return crowd;
  }

  public static List<String> run(ProcessBuilder builder) throws Exception {
    try (Forked forked = new Forked(builder)) {
      if (forked.exit() != 0) {
        throw new AssertionError(forked.describe("failed"));
      }
      return forked.out();
    }
  }

  /** Loses what we send silently; what the peer sends arrives. */
  public void hole() throws Exception {
    String unused = "02:00:00:00:00:99";
    run(here("ip", "neigh", "replace", PEER, "lladdr", unused, "dev", "hb0", "nud", "permanent"));
  }

  /** The hole is mended. */
  void heal() throws Exception {
    run(here("ip", "neigh", "del", PEER, "dev", "hb0"));
  }

  /**
   * The peer's host crashes silently, and is there again: its kernel knows nothing of our
   * connections.
   *
   * @param programs that run on it
   */
  void restartPeer(Forked... programs) throws Exception {
    run(there("ip", "link", "set", "hb1", "down"));
    for (Forked program : programs) {
      program.close();
    }
    peer.close();
    // Its namespace lives on for as long as sockets in it wait for answers: cut off, and unseen.
    run(here("ip", "link", "del", "hb0"));
    peer = plugIn();
  }

  @Override
  public void close() {
    if (cable != null) {
      cable.close();
    }
    peer.close();
    ours.close();
  }
}
