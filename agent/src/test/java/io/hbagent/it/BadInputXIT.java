package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.packaging.AgentJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Bad input is reported in one line on standard error, and never ends the application. */
class BadInputXIT {

  private static final String[] APP = {"--families=4", "--threads=platform", "socket-connect"};

  @TempDir Path folder;

  /** Options, and what the message must contain: key, value, what is allowed or the nearest key. */
  private record Bad(String options, List<String> named) {

    Bad(String options, String... named) {
      this(options, List.of(named));
    }
  }

  @TestFactory
  Stream<DynamicTest> oneLineAndTheApplicationRunsUnchanged() throws Exception {
    Path broken = Text.write(folder.resolve("broken.properties"), "# two", "idle = 5", "cnt = 128");
    Path unknown = Text.write(folder.resolve("unknown.properties"), "intval = 5");
    Path rule =
        Text.write(
            folder.resolve("rule.properties"),
            "rules = db",
            "rule.db.remote = db.example:5432",
            "rule.db.idle = 5");
    List<Bad> all =
        List.of(
            new Bad("idel=5", "idel", "=5", "idle"),
            new Bad("usertimeout=derived", "usertimeout", "derived", "user-timeout"),
            new Bad("idle=0", "idle", "=0", "1s to 32767s"),
            new Bad("idle=32768", "idle", "32768", "1s to 32767s"),
            new Bad("intvl=5x", "intvl", "5x", "1s to 32767s"),
            new Bad("cnt=128", "cnt", "128", "1 to 127"),
            new Bad("cnt=", "cnt", "1 to 127"),
            new Bad("conflict=maybe", "conflict", "maybe", "enforce", "respect"),
            new Bad("user-timeout=soon", "user-timeout", "soon", "derived"),
            new Bad("enabled=yes", "enabled", "yes", "true or false"),
            new Bad("idle=5,idle=6", "idle", "6"),
            new Bad("config=/nonexistent/hb.properties", "config", "/nonexistent/hb.properties"),
            new Bad("config=" + broken, "cnt", "128", "1 to 127", broken + " line 3"),
            new Bad("config=" + unknown, "intval", "intvl", unknown + " line 1"),
            new Bad("config=" + rule, "rule.db.remote", "db.example", rule + " line 2"));
    return Jdk.each(jdk -> named(jdk, all));
  }

  /** Files that are too large, have long lines, never end or contain terminal escapes. */
  @TestFactory
  Stream<DynamicTest> oneShortLineForBadFiles() throws Exception {
    Path keys = folder.resolve("keys.properties");
    Files.write(keys, IntStream.range(0, 60_000).mapToObj(i -> "rule.r" + i + ".idle=5").toList());
    Path line =
        Text.write(folder.resolve("line.properties"), "idle = 5", "x = " + "y".repeat(900_000));
    Path escapes =
        Text.write(folder.resolve("escapes.properties"), "idle = 5\u001b[2J\u0007\u202e5");
    List<Bad> all =
        List.of(
            new Bad(
                "config=" + keys,
                keys + " is too large (" + Files.size(keys) + " bytes); allowed is 1 MiB"),
            new Bad(
                "config=" + line, line + " line 2) is too long (900004 characters); allowed are"),
            new Bad("config=" + escapes, "idle=5\\u001b[2J\\u0007\\u202e5", escapes + " line 1"),
            new Bad("config=/dev/zero", "config=/dev/zero (agent arguments) is no regular file"));
    return Jdk.each(jdk -> named(jdk, all));
  }

  /** Checks for one short line that names what is bad, in an application that runs on. */
  private static void named(Jdk jdk, List<Bad> all) throws Exception {
    ProbeRun without = new Jvm(jdk).probe(APP);
    for (Bad bad : all) {
      ProbeRun run = new Jvm(jdk).agent(bad.options).run(APP);
      unharmed(without, run);
      String message = run.forked().err().get(0);
      run.check(message.matches("[ -~…]{1,500}"), "a line of at most 500 printable characters");
      for (String name : bad.named) {
        run.check(message.contains(name), "a line that names " + name);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> badEnvironment() {
    return Jdk.each(
        jdk -> {
          ProbeRun run =
              new Jvm(jdk).agent("idle=5").environment("HB_AGENT_OPTIONS", "cmt=3").run(APP);
          unharmed(new Jvm(jdk).probe(APP), run);
          run.check(
              run.forked().err().get(0).contains("HB_AGENT_OPTIONS"), "the source of the options");
        });
  }

  /** A jar that was truncated or repacked. */
  @TestFactory
  Stream<DynamicTest> jarWithoutItsParts() throws Exception {
    List<Path> jars =
        List.of(
            without("io/hbagent/shaded/bytebuddy/.*", "noweaver.jar"),
            without("io/hbagent/config/.*", "noconfig.jar"),
            without("io/hbagent/start.zip", "nostart.jar"),
            without("io/hbagent/(?!AgentMain).*", "dooronly.jar"),
            AgentJar.cut("start", 100_000, Jvm.AGENT, folder.resolve("cut.jar")),
            AgentJar.cut("start", 10, Jvm.AGENT, folder.resolve("empty.jar")));
    return Jdk.each(
        jdk -> {
          ProbeRun plain = new Jvm(jdk).probe(APP);
          for (Path jar : jars) {
            unharmed(plain, new Jvm(jdk).agent(jar, "idle=5").run(APP));
          }
        });
  }

  private Path without(String regex, String name) throws IOException {
    return AgentJar.without(regex, Jvm.AGENT, folder.resolve(name));
  }

  /**
   * Checks for the same exit code and output as without the agent, no keepalive, and one line of
   * the agent's.
   */
  private static void unharmed(ProbeRun without, ProbeRun run) {
    run.check(run.exit() == without.exit(), "exit " + without.exit());
    assertEquals(without.printed(), run.printed(), run.forked().describe("standard output"));
    run.all(ProbeRun.UNTOUCHED);
    List<String> err = run.forked().err();
    run.check(err.size() == 1 && err.get(0).startsWith("hb-agent: "), "one line, hb-agent: …");
  }

  @TestFactory
  Stream<DynamicTest> strictRefusesToStart() throws Exception {
    Path file = Text.write(folder.resolve("strict.properties"), "strict = true", "cnt = 0");
    return Jdk.each(
        jdk -> {
          refused(new Jvm(jdk).agent("strict=true,idel=5").run(APP), "idel");
          refused(new Jvm(jdk).agent("strict=true,config=/nonexistent").run(APP), "/nonexistent");
          refused(new Jvm(jdk).agent("config=" + file).run(APP), "cnt");
          refused(
              new Jvm(jdk).agent("cnt=x").environment("HB_AGENT_OPTIONS", "strict=true").run(APP),
              "cnt");
        });
  }

  private static void refused(ProbeRun run, String named) {
    run.check(run.exit() != 0, "a refusal to start");
    // The JVM itself reports the abort on standard output.
    run.check(run.forked().out().stream().noneMatch(line -> line.startsWith("errors=")), "no main");
    run.check(
        run.forked().err().stream()
                .filter(line -> line.contains("hb-agent: ") && line.contains(named))
                .count()
            == 1,
        "one line that names " + named);
  }

  @TestFactory
  Stream<DynamicTest> strictWithGoodOptionsStarts() {
    return Jdk.each(
        jdk ->
            new Jvm(jdk)
                .agent("strict=true," + ProbeRun.OPTIONS)
                .probe(APP)
                .all(ProbeRun.POLICY)
                .noFailures());
  }
}
