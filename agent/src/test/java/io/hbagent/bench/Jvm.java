package io.hbagent.bench;

import io.hbagent.it.Jdk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command line of one variant's JVMs: the same program, with or without an agent. */
record Jvm(Jdk jdk, String name, List<String> flags, Map<String, String> environment) {
  static Jvm plain(Jdk jdk) {
    return new Jvm(jdk, "none", List.of(), Map.of());
  }

  static Jvm agent(Jdk jdk, String name, String jarAndOptions) {
    return new Jvm(jdk, name, List.of("-javaagent:" + jarAndOptions), Map.of());
  }

  Jvm with(String flag) {
    List<String> more = new ArrayList<>(flags);
    more.add(flag);
    return new Jvm(jdk, name, more, environment);
  }

  /** Returns the command, after {@code prefix} if any, in an environment without JVM options. */
  ProcessBuilder command(List<String> prefix, Path classPath, String program, Object... args) {
    List<String> command = new ArrayList<>(prefix);
    command.add(jdk.java());
    command.addAll(flags);
    command.add("-cp");
    command.add(classPath.toString());
    command.add(program);
    for (Object arg : args) {
      command.add(arg.toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeAll(
            List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "HB_AGENT_OPTIONS"));
    builder.environment().putAll(environment);
    return builder;
  }
}
