package io.hbagent.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** {@code -Xcheck:jni} reports no more warnings with the agent than without it. */
class CheckJniXIT {

  @TestFactory
  Stream<DynamicTest> noWarningOfTheAgent() {
    return Jdk.each(
        jdk -> {
          // An agent of any kind brings the JVM's own instrumentation code, and its warnings.
          Set<String> without = warnings(probe(new Jvm(jdk).agent("enabled=false")));
          ProbeRun run = probe(new Jvm(jdk).agent(ProbeRun.OPTIONS));
          run.all(ProbeRun.POLICY).noFailures();
          Set<String> more = warnings(run);
          more.removeAll(without);
          run.check(more.isEmpty(), "no more warnings than without, but there are " + more);
        });
  }

  private static ProbeRun probe(Jvm jvm) throws IOException, InterruptedException {
    return jvm.option("-Xcheck:jni").probe("--threads=platform", "tcp", "other");
  }

  /** Returns each warning with the method it names, without numbers and addresses. */
  private static Set<String> warnings(ProbeRun run) {
    List<String> lines = new ArrayList<>(run.forked().out());
    lines.addAll(run.forked().err());
    Set<String> warnings = new TreeSet<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).matches("(WARNING|FATAL ERROR|ReleasePrimitive|Warning:).*")) {
        // Newer JDKs name the method in the lines that follow.
        String next = i + 1 < lines.size() ? lines.get(i + 1) : "";
        String at = next.startsWith("\t") ? next.trim() : "";
        // What the JVM's own instrumentation does is not the agent's: it has no native code. On 8
        // to
        // 17 any agent that asks for loaded classes gets "JNI local refs" from there.
        if (at.startsWith("at sun.instrument.")) {
          continue;
        }
        warnings.add(lines.get(i).replaceAll("(0x)?[0-9a-f]*\\d[0-9a-f]*", "N") + " " + at);
      }
    }
    return warnings;
  }
}
