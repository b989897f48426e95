package io.hbagent.watch;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The applications under test, one of each kind, on our host of a {@link Network}: servers that
 * know nothing of the agent and outlive their connections. And the {@link Crowd} on the peer's.
 */
final class Apps implements AutoCloseable {

  static final List<String> KINDS = List.of("echo", "nio", "async");
  private static final int FIRST_PORT = 7001;

  private final Network network;
  private final Map<String, Forked> byKind = new LinkedHashMap<>();
  private Forked crowd;

  private Apps(Network network) {
    this.network = network;
  }

  /** Starts them with these agent options; each has one connection of the crowd. */
  static Apps start(Network network, Jdk jdk, String options) throws Exception {
    return start(network, jdk, options, KINDS, 1);
  }

  static Apps start(
      Network network,
      Jdk jdk,
      String options,
      List<String> kinds,
      int connections,
      String... flags)
      throws Exception {
    Apps apps = new Apps(network);
    try {
      for (String kind : kinds) {
        apps.byKind.put(kind, apps.server(jdk, options, kind, flags));
      }
      for (Forked app : apps.byKind.values()) {
        app.awaitOut(0, line -> line.startsWith("listening on "));
        app.awaitErr(0, line -> line.contains(" event=started "));
      }
      apps.crowd = apps.crowd(connections);
      if (options.contains("watchdog") || options.contains("adaptive")) {
        for (Forked app : apps.byKind.values()) {
          Shop.awaitWatchdog(app); // it begins with the first connection
        }
      }
    } catch (Exception | Error e) {
      apps.close();
      throw e;
    }
    return apps;
  }

  private Forked server(Jdk jdk, String options, String kind, String... flags) throws Exception {
    Path agent = Path.of(System.getProperty("hb-agent.jar")).toAbsolutePath();
    Path testapp = Path.of(System.getProperty("testapp.jar")).toAbsolutePath().normalize();
    List<String> command = new ArrayList<>(List.of(jdk.java()));
    command.add("-javaagent:" + agent + "=" + options);
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(flags));
    command.addAll(List.of("-jar", testapp.toString(), kind, "server", "--host", Network.OURS));
    command.addAll(List.of("--port", Integer.toString(port(kind))));
    return new Forked(network.here(command.toArray(new String[0])));
  }

  /** Where an application of this kind listens. */
  static int port(String kind) {
    return FIRST_PORT + Math.max(0, KINDS.indexOf(kind));
  }

  private Forked crowd(int connections) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", Path.of("target/test-classes").toAbsolutePath().toString()));
    command.addAll(List.of(Crowd.class.getName(), Network.OURS, Integer.toString(connections)));
    for (String kind : byKind.keySet()) {
      command.add(Integer.toString(port(kind)));
    }
    Forked forked = new Forked(network.there(command.toArray(new String[0])));
    forked.awaitOut(0, line -> line.equals("open " + connections * byKind.size()));
    return forked;
  }

  Map<String, Forked> byKind() {
    return byKind;
  }

  Forked crowd() {
    return crowd;
  }

  /** Tells the crowd what to do, and waits until it is done. */
  void tell(String what) throws InterruptedException {
    int before = crowd.out().size();
    crowd.send(what);
    crowd.awaitOut(before, ("done " + what)::equals);
  }

  @Override
  public void close() {
    byKind.values().forEach(Forked::close);
    if (crowd != null) {
      crowd.close();
    }
  }
}
