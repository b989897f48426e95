package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.packaging.AgentJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Special characters in the path of the jar: a JVM takes an agent's path to end at an equals sign.
 */
class AttachJarPathXIT {

  @TempDir Path temp;

  @TestFactory
  Stream<DynamicTest> equalsSignInThePath() {
    return Jdk.each(
        jdk -> {
          Path jar = jarIn("a=b");
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            Cli cli = Cli.run(jdk.command(), jar, "attach", app.pid(), "idle=7");
            cli.fails(
                1,
                jar + " has an equals sign in its path",
                "move or copy it to a path without one, and run it from there");
            assertEquals(1, cli.errors().size(), "one sentence");
            for (String command : List.of("status", "detach")) {
              Cli.run(jdk.command(), jar, command, app.pid()).fails(1, "has an equals sign");
            }
            assertTrue(app.forked().err().isEmpty(), "it was not touched");
            Cli.run(jdk.command(), jar, "list").prints(app.pid());
            Cli.run(jdk.command(), jar, "explain", "idle=7").prints("idle=7s");
          }
        });
  }

  /** The JVM's own message is as the README quotes it; the JVM ends before the agent runs. */
  @TestFactory
  Stream<DynamicTest> equalsSignInThePathAtTheStart() {
    return Jdk.each(
        jdk -> {
          Path jar = jarIn("a=b");
          ProbeRun run = new Jvm(jdk).agent(jar, "idle=7").run("tcp");
          String cut = jar.toString().substring(0, jar.toString().indexOf('='));
          String message = "Error opening zip file or JAR manifest missing : ";
          run.check(run.exit() == 1 && run.forked().err().contains(message + cut), message + cut);
          assertTrue(Files.readString(Path.of("../README.md")).contains("`" + message));
        });
  }

  /** All other characters are only special to the shell. */
  @TestFactory
  Stream<DynamicTest> blanksCommaAndApostrophe() {
    return Jdk.each(
        jdk -> {
          Path jar = jarIn("a b, c'd");
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 1");
            Cli.run(jdk.command(), jar, "attach", app.pid(), "idle=7")
                .prints("2 connections given the policy");
            Cli.run(jdk.command(), jar, "list").prints("7/5/3");
            Cli.run(jdk.command(), jar, "detach", app.pid()).prints("detached");
          }
        });
  }

  /**
   * The classes are read from the path of the jar that was attached first, whichever one is named
   * later.
   */
  @TestFactory
  Stream<DynamicTest> anotherBuildAtThePathOfTheFirst() {
    return Jdk.each(
        jdk -> {
          Path jar = jarIn("first" + jdk.version());
          Path other = jarIn("other" + jdk.version());
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            Cli.run(jdk.command(), jar, "attach", app.pid()).prints("attached");
            Cli.run(jdk.command(), jar, "detach", app.pid()).prints("detached");
            Path without = jar.resolveSibling("without.jar");
            AgentJar.without("io/hbagent/rest.zip", Jvm.AGENT, without);
            Files.move(without, jar, StandardCopyOption.REPLACE_EXISTING);
            Cli.run(jdk.command(), other, "attach", app.pid())
                .fails(
                    1,
                    "it reads them from the path of the first hb-agent.jar it was given, "
                        + jar
                        + ";",
                    "put the first one back or restart the application");
            Files.copy(other, jar, StandardCopyOption.REPLACE_EXISTING);
            Cli.run(jdk.command(), other, "attach", app.pid()).prints("attached");
          }
        });
  }

  /** Commands do not name their own jar for the one of the start that is gone. */
  @TestFactory
  Stream<DynamicTest> deletedJarOfTheStart() {
    return Jdk.each(
        jdk -> {
          Path jar = jarIn("gone" + jdk.version());
          Path started = Files.copy(jar, jar.resolveSibling("z.jar"));
          try (AttachTargetApp app = AttachTargetApp.start(jdk, "-javaagent:" + started)) {
            Cli.run(jdk.command(), jar, "status", app.pid()).prints("hooks:");
            Files.delete(started);
            for (String command : List.of("status", "attach", "detach")) {
              Cli.run(jdk.command(), jar, command, app.pid())
                  .fails(1, "hb-agent.jar it was given, " + started + "; if that file is missing");
            }
            Files.copy(jar, started);
            Cli.run(jdk.command(), jar, "status", app.pid()).prints("hooks:");
          }
        });
  }

  private Path jarIn(String name) throws IOException {
    Path folder = Files.createTempDirectory(temp, name).toRealPath();
    return Files.copy(Jvm.AGENT, folder.resolve("hb agent.jar"));
  }
}
