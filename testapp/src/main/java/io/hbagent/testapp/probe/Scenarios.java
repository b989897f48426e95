package io.hbagent.testapp.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of scenarios: three groups of named ones, in the order they run. */
final class Scenarios {
  /** Connections; options the application sets itself; sockets that are no TCP connections. */
  static final List<String> GROUPS = Arrays.asList("tcp", "conflict", "other");

  private Scenarios() {}

  static Map<String, Scenario> all() throws ReflectiveOperationException {
    Map<String, Scenario> all = new LinkedHashMap<>();
    for (String group : GROUPS) {
      all.putAll(group(group));
    }
    all.put("jdbc", Jdbc::connect);
    Natives.add(all);
    all.put("inherited", Scenarios::inherited);
    return all;
  }

  /** Returns a group, or the scenario of this name. */
  static Map<String, Scenario> named(String name) throws ReflectiveOperationException {
    if (GROUPS.contains(name)) {
      return group(name);
    }
    Map<String, Scenario> one = new LinkedHashMap<>();
    Scenario scenario = all().get(name);
    if (scenario == null) {
      throw new IllegalArgumentException("no scenario or group is called " + name);
    }
    one.put(name, scenario);
    return one;
  }

  private static Map<String, Scenario> group(String group) throws ReflectiveOperationException {
    Map<String, Scenario> into = new LinkedHashMap<>();
    if (group.equals("tcp")) {
      SocketClients.add(into);
      SocketServers.add(into);
      ChannelClients.add(into);
      ChannelServers.add(into);
      AsyncClients.add(into);
      AsyncServers.add(into);
      Proxied.add(into);
      Tls.add(into);
      HttpClients.add(into);
      newer(11, "HttpClients11", into);
    } else if (group.equals("conflict")) {
      Conflicts.add(into);
    } else {
      Others.add(into);
      newer(17, "Others17", into);
    }
    return into;
  }

  /** Uses the connection that the parent process has accepted for it. */
  private static void inherited(Setting setting) throws IOException {
    try (SocketChannel channel = (SocketChannel) System.inheritedChannel()) {
      setting.report("server", Kernel.of(channel));
      channel.read(ByteBuffer.allocate(1)); // until the peer ends it
    }
  }

  /** Scenarios of src/main/java11 and java17, whose classes older JDKs cannot load. */
  private static void newer(int version, String type, Map<String, Scenario> into)
      throws ReflectiveOperationException {
    String running = System.getProperty("java.specification.version");
    if (!running.startsWith("1.") && Integer.parseInt(running) >= version) {
      Class.forName(Scenarios.class.getPackage().getName() + "." + type)
          .getDeclaredMethod("add", Map.class)
          .invoke(null, into);
    }
  }
}
