package io.hbagent.libraries.runner;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import io.hbagent.it.OtherUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * Other agents beside hb-agent: given before it, after it, and running when it is attached. Every
 * connection carries the policy, hb-agent counts no failure, and the other agent works.
 *
 * <p>Each JVM has a network namespace that has only its loopback device, so that no agent can
 * report to a host.
 */
class AgentsXIT {

  private static final Path AGENT = file("hb-agent.jar");
  private static final Path TESTAPP = file("testapp.jar");
  private static final Path AGENTS = Path.of("target/agents").toAbsolutePath();
  private static final Path DOCUMENT = Path.of("../../../docs/agents.md");
  private static final String OPTIONS = "idle=6,intvl=4,cnt=3";

  /** Application Insights reports to the application itself. */
  private static final String PORT = "4710";

  private static final String[] SCENARIOS = {
    "transport-on-signal",
    "socket-connect",
    "channel-connect",
    "serversocket-accept",
    "serverchannel-accept",
    "async-connect-future",
    "asyncserver-future-pending",
  };

  /**
   * Another agent.
   *
   * @param file the name of its jar, up to the version
   * @param argument of its -javaagent, with the equals sign, or empty
   * @param sign shows that it works: a part of a line it prints, or of the list of loaded classes
   * @param newest the newest JDK that it starts on by itself
   * @param options for the JVM
   */
  private record Other(
      String name, String file, String argument, String sign, int newest, List<String> options) {

    Other(String name, String file, String argument, String sign, List<String> options) {
      this(name, file, argument, sign, Integer.MAX_VALUE, options);
    }

    /** Returns the jar, or the folder of an agent that has several. */
    private Path path() throws IOException {
      try (Stream<Path> files = Files.list(AGENTS)) {
        return files
            .filter(path -> path.getFileName().toString().startsWith(file + "-"))
            .findFirst()
            .orElseThrow();
      }
    }

    String version() throws IOException {
      String name = path().getFileName().toString();
      return name.substring(file.length() + 1)
          .replaceFirst("(-runtime|-jar-with-dependencies)?(\\.jar)?$", "");
    }

    String option() throws IOException {
      Path path = path();
      Path jar = Files.isDirectory(path) ? path.resolve(file + "-agent.jar") : path;
      return "-javaagent:" + jar + argument;
    }
  }

  private static final List<String> NO_EXPORTER =
      List.of(
          "-Dotel.traces.exporter=none",
          "-Dotel.metrics.exporter=none",
          "-Dotel.logs.exporter=none");

  private static final List<Other> OTHERS =
      List.of(
          new Other(
              "Application Insights",
              "applicationinsights-agent",
              "",
              "started successfully",
              21,
              List.of()),
          new Other("Arthas", "arthas", "", "com.taobao.arthas.", List.of()),
          new Other("AspectJ", "aspectjweaver", "", "org.aspectj.weaver.loadtime.Aj ", List.of()),
          new Other(
              "BlockHound",
              "blockhound",
              "",
              "reactor.blockhound.BlockHoundRuntime",
              25,
              List.of(
                  "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+AllowRedefinitionToAddDeleteMethods")),
          new Other("Byteman", "byteman", "", "org.jboss.byteman.agent.Transformer ", List.of()),
          new Other(
              "Datadog",
              "dd-java-agent",
              "",
              "DATADOG TRACER CONFIGURATION",
              List.of(
                  "-Ddd.trace.agent.url=http://127.0.0.1:9",
                  "-Ddd.instrumentation.telemetry.enabled=false",
                  "-Ddd.remote_config.enabled=false",
                  "-Ddd.jmxfetch.enabled=false")),
          new Other(
              "Elastic APM",
              "elastic-apm-agent",
              "",
              "Starting Elastic APM",
              List.of(
                  "-Delastic.apm.server_url=http://127.0.0.1:9",
                  "-Delastic.apm.cloud_provider=NONE",
                  "-Delastic.apm.central_config=false")),
          new Other(
              "file-leak-detector",
              "file-leak-detector",
              "",
              "File leak detector installed",
              8,
              List.of()),
          new Other(
              "JaCoCo", "org.jacoco.agent", "=output=none", "org.jacoco.agent.rt.", List.of()),
          new Other(
              "JMX exporter",
              "jmx_prometheus_javaagent",
              "=127.0.0.1:4711:" + Path.of("target/agents/empty.yaml").toAbsolutePath(),
              "io.prometheus.jmx.",
              List.of()),
          new Other(
              "New Relic",
              "newrelic-agent",
              "",
              "com.newrelic.agent.",
              List.of(
                  "-Dnewrelic.config.license_key=" + "0".repeat(40),
                  "-Dnewrelic.config.app_name=probe",
                  "-Dnewrelic.config.host=127.0.0.1",
                  "-Dnewrelic.config.log_file_name=STDOUT")),
          new Other(
              "OpenTelemetry",
              "opentelemetry-javaagent",
              "",
              "opentelemetry-javaagent - version",
              NO_EXPORTER),
          // Its profiler ends an early build of JDK 28 with SIGSEGV, without hb-agent as well.
          new Other("Pyroscope", "pyroscope", "", "Profiling started", 27, List.of()),
          new Other(
              "SkyWalking",
              "apm-agent",
              "",
              "org.apache.skywalking.apm.agent.core.",
              List.of(
                  "-Dskywalking.agent.service_name=probe",
                  "-Dskywalking.collector.backend_service=127.0.0.1:9",
                  "-Dskywalking.logging.output=CONSOLE")),
          new Other(
              "Splunk",
              "splunk-otel-javaagent",
              "",
              "opentelemetry-javaagent - version: splunk",
              NO_EXPORTER));

  private static Path file(String property) {
    return Path.of(System.getProperty(property)).toAbsolutePath().normalize();
  }

  @BeforeAll
  static void configure() throws IOException {
    Files.writeString(AGENTS.resolve("empty.yaml"), "startDelaySeconds: 0\n");
    // SkyWalking does not start without its file of settings, which may be empty.
    Files.createDirectories(AGENTS.resolve("config"));
    Files.writeString(AGENTS.resolve("config/agent.config"), "");
  }

  @TestFactory
  Stream<DynamicNode> beside() {
    return Jdk.all().stream()
        .map(
            jdk ->
                dynamicContainer(
                    jdk.toString(),
                    OTHERS.stream()
                        .flatMap(
                            other ->
                                Stream.of(
                                    test(other, "before", () -> start(jdk, other, true)),
                                    test(other, "after", () -> start(jdk, other, false)),
                                    test(other, "attached", () -> attach(jdk, other))))));
  }

  private static DynamicTest test(Other other, String order, Executable run) {
    return dynamicTest(other.name + " " + order, run);
  }

  private static void start(Jdk jdk, Other other, boolean before) throws Exception {
    String ours = "-javaagent:" + AGENT + "=" + OPTIONS;
    List<String> agents = before ? List.of(other.option(), ours) : List.of(ours, other.option());
    try (Forked forked = probe(jdk, other, agents)) {
      forked.awaitErr(0, line -> line.contains("agent=hb-agent event=started"));
      finish(forked, other, false);
    }
  }

  private static void attach(Jdk jdk, Other other) throws Exception {
    try (Forked forked = probe(jdk, other, List.of(other.option()))) {
      forked.awaitOut(0, line -> line.equals("ready"));
      String pid = String.valueOf(forked.pid());
      ProcessBuilder attach =
          new ProcessBuilder(
              jdk.java(), "-jar", AGENT.toString(), "attach", pid, OPTIONS, "--timeout=120");
      try (Forked command = new Forked(attach)) {
        if (command.exit() != 0) {
          fail(command.describe("wanted: exit 0") + "\n" + forked.describe("its target"));
        }
      }
      finish(forked, other, true);
    }
  }

  private static void finish(Forked forked, Other other, boolean attached) throws Exception {
    forked.awaitOut(0, line -> line.equals("ready"));
    forked.send("now");
    check(forked, forked.exit() == 0, "exit 0");
    List<String> ends = forked.out().stream().filter(line -> line.contains(" end=")).toList();
    check(forked, ends.size() == 2 * SCENARIOS.length, "both ends of all connections");
    for (String end : ends) {
      if (attached && end.startsWith("transport-on-signal end=server")) {
        continue; // it was accepted and reported before the attach
      }
      check(forked, end.contains("keepalive=1 idle=6 intvl=4 cnt=3 "), OPTIONS + " on " + end);
    }
    check(forked, forked.out().contains("failures=0"), "failures=0");
    List<String> signs = new ArrayList<>(forked.out());
    signs.addAll(forked.err());
    signs.addAll(Files.readAllLines(classes(forked.pid())));
    check(forked, signs.stream().anyMatch(line -> line.contains(other.sign)), other.sign);
    Files.delete(classes(forked.pid()));
  }

  /** The agent's own Netty is loaded before hb-agent starts, and no socket class of the JDK. */
  @TestFactory
  Stream<DynamicTest> connectionsOfApplicationInsightsItself() {
    return Jdk.each(
        jdk -> {
          Other other = OTHERS.get(0);
          List<String> options = List.of(other.option(), "-javaagent:" + AGENT + "=" + OPTIONS);
          List<String> program =
              List.of("io.hbagent.testapp.Main", "http", "server", "--port=" + PORT);
          try (Forked forked = fork(jdk, other, options, program)) {
            String line = forked.awaitErr(0, text -> text.contains("agent=hb-agent event=started"));
            // Those of its copy of Netty come on top of the 13 of the JDK at most.
            check(forked, line.matches(".* hooks=(1[5-9]|2\\d)/\\1 .*"), "hooks of its transport");
            long limit = System.nanoTime() + 120_000_000_000L;
            List<String> held = held(forked.pid());
            while (held.size() < 2 && System.nanoTime() < limit) {
              Thread.sleep(200);
              held = held(forked.pid());
            }
            check(forked, held.size() >= 2, "both ends with a keepalive timer, not " + held);
          }
        });
  }

  /** Returns the connections to the port for which the kernel has a keepalive timer. */
  private static List<String> held(long pid) throws IOException {
    List<String> held = new ArrayList<>();
    String port = String.format(":%04X ", Integer.parseInt(PORT));
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        if (line.contains(port) && line.matches(".* 01 [0-9A-F]+:[0-9A-F]+ 02:.*")) {
          held.add(line);
        }
      }
    }
    return held;
  }

  @Test
  void theDocumentNamesEachAgentAndItsVersion() throws IOException {
    String text = Files.readString(DOCUMENT);
    for (Other other : OTHERS) {
      String row = "| " + other.name + " | " + other.version() + " |";
      assertTrue(text.contains(row), DOCUMENT + " lacks " + row);
    }
  }

  private static Forked probe(Jdk jdk, Other other, List<String> agents) throws Exception {
    List<String> program =
        new ArrayList<>(
            List.of("io.hbagent.testapp.probe.Probe", "--families=4", "--threads=platform"));
    program.addAll(List.of(SCENARIOS));
    return fork(jdk, other, agents, program);
  }

  private static Forked fork(Jdk jdk, Other other, List<String> agents, List<String> program)
      throws Exception {
    assumeTrue(jdk.version() <= other.newest, other.name + " does not start on this JDK");
    List<String> alone =
        List.of(
            "unshare",
            "-n" + OtherUser.MAP_ROOT,
            "sh",
            "-c",
            "ip link set lo up && exec \"$@\"",
            "sh");
    List<String> trial = new ArrayList<>(alone);
    trial.add("true");
    try (Forked forked = new Forked(new ProcessBuilder(trial))) {
      assumeTrue(forked.exit() == 0, "no network namespace can be made here");
    }
    List<String> command = new ArrayList<>(alone);
    command.addAll(jdk.command());
    command.addAll(jdk.opens());
    String log = AGENTS.resolve("classes-%p.log").toString(); // 8 writes pidN for %p
    command.addAll(
        jdk.version() == 8
            ? List.of(
                "-XX:+UnlockDiagnosticVMOptions",
                "-verbose:class",
                "-XX:+LogVMOutput",
                "-XX:-DisplayVMOutput",
                "-XX:LogFile=" + log)
            : List.of("-Xlog:class+load:file=" + log.replace("%p", "pid%p")));
    command.add("-Duser.home=" + AGENTS); // for what other agents write
    command.addAll(other.options);
    command.addAll(agents);
    command.addAll(List.of("-cp", TESTAPP.toString()));
    command.addAll(program);
    ProcessBuilder builder = new ProcessBuilder(command).directory(AGENTS.toFile());
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "HB_AGENT_OPTIONS"));
    String here = "http://127.0.0.1:" + PORT + "/";
    builder
        .environment()
        .put(
            "APPLICATIONINSIGHTS_CONNECTION_STRING",
            "InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint="
                + here
                + ";LiveEndpoint="
                + here);
    builder.environment().put("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true");
    return new Forked(builder);
  }

  /** Returns the file of the classes that a JVM has loaded. */
  private static Path classes(long pid) {
    return AGENTS.resolve("classes-pid" + pid + ".log");
  }

  private static void check(Forked forked, boolean good, String wanted) {
    if (!good) {
      fail(forked.describe("wanted: " + wanted));
    }
  }
}
