package io.hbagent.it;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the command line of a JVM that runs the probe, and starts it. */
public final class Jvm {

  /** The agent under test. */
  public static final Path AGENT = Path.of(System.getProperty("hb-agent.jar")).toAbsolutePath();

  /** The applications it is tried on. */
  public static final Path TESTAPP =
      Path.of(System.getProperty("testapp.jar")).toAbsolutePath().normalize();

  private static final String PROBE = "io.hbagent.testapp.probe.Probe";

  private final Jdk jdk;
  private final List<String> prefix = new ArrayList<>();
  private final List<String> options = new ArrayList<>();
  private final List<Path> classPath = new ArrayList<>(List.of(TESTAPP));
  private final Map<String, String> environment = new LinkedHashMap<>();

  Jvm(Jdk jdk) {
    this.jdk = jdk;
    options.addAll(jdk.opens());
  }

  /** Adds the agent with these options. */
  Jvm agent(String arguments) {
    return agent(AGENT, arguments);
  }

  Jvm agent(Path jar, String arguments) {
    return option("-javaagent:" + jar + (arguments.isEmpty() ? "" : "=" + arguments));
  }

  /** Adds a program in front that execs the command it is given. */
  Jvm under(List<String> words) {
    prefix.addAll(words);
    return this;
  }

  Jvm option(String option) {
    options.add(option);
    return this;
  }

  Jvm classPath(Path jar) {
    classPath.add(jar);
    return this;
  }

  Jvm environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Starts the probe. */
  Forked start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(jdk.command());
    command.add("-Dprobe.keystore=" + KeyStoreFile.path());
    command.addAll(options);
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
    command.add(PROBE);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    // Only the options under test apply.
    for (String name :
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "HB_AGENT_OPTIONS")) {
      builder.environment().remove(name);
    }
    builder.environment().putAll(environment);
    return new Forked(builder);
  }

  /** Runs the probe to its end and checks for exit code 0. */
  ProbeRun probe(String... arguments) throws IOException, InterruptedException {
    ProbeRun run = run(arguments);
    run.check(run.exit() == 0, "exit 0");
    return run;
  }

  /** Runs the probe to its end. */
  ProbeRun run(String... arguments) throws IOException, InterruptedException {
    try (Forked forked = start(arguments)) {
      return new ProbeRun(forked, forked.exit());
    }
  }
}
