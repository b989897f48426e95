package io.hbagent.watch;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
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

  private final Map<String, Forked> byKind = new LinkedHashMap<>();
  private Forked crowd;

  private Apps() {}

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
    Apps apps = new Apps();
    try {
      List<String> java = jdk.command();
      java.addAll(List.of(flags));
      for (String kind : kinds) {
        apps.byKind.put(kind, network.startServer(java, options, kind, port(kind)));
      }
      for (Forked app : apps.byKind.values()) {
        app.awaitOut(0, line -> line.startsWith("listening on "));
        app.awaitErr(0, line -> line.contains(" event=started "));
      }
      apps.crowd = network.startCrowd(connections, kinds.stream().map(Apps::port).toList());
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

  /** Where an application of this kind listens. */
  static int port(String kind) {
    return FIRST_PORT + Math.max(0, KINDS.indexOf(kind));
  }

  Map<String, Forked> byKind() {
    return byKind;
  }

  Forked crowd() {
    return crowd;
  }

  /** Sends the crowd a command, and waits until it is done. */
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
