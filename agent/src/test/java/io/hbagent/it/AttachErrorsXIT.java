package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each failure of a command is reported in one sentence with a remedy, and the target is unchanged.
 */
class AttachErrorsXIT {

  private static final Jdk JDK = Jdk.all().get(Jdk.all().size() - 1);

  @Test
  void invalidCommandLines() throws Exception {
    Cli.run(JDK).fails(2, "Usage: hb-agent", "Commands:");
    Cli.run(JDK, "atach", "1").fails(2, "Did you mean", "attach");
    Cli.run(JDK, "attach").fails(2, "Missing required parameter", "PID|NAME");
    Cli.run(JDK, "attach", "1", "idel=5").fails(2, "idel=5", "did you mean idle?");
    Cli.run(JDK, "attach", "1", "idle=0").fails(2, "idle=0", "1s to 32767s");
    Cli.run(JDK, "attach", "1", "config=/no/such.file").fails(2, "give the path of one");
    Cli.run(JDK, "explain", "cnt=999").fails(2, "cnt=999", "1 to 127");
    for (String timeout : List.of("--timeout=0", "--timeout=-1", "--timeout=86401")) {
      Cli.run(JDK, "list", timeout).fails(2, timeout + " is not allowed; allowed is 1 to 86400");
    }
  }

  @Test
  void helpAndExplain() throws Exception {
    Cli.run(JDK, "--help").prints("Usage: hb-agent", "attach", "detach");
    Cli.run(JDK, "help", "attach").prints("PID|NAME", "--dry-run");
    Cli.run(JDK, "attach", "1", "help").prints("user-timeout", "TCP_KEEPIDLE");
    Cli.run(JDK, "options").prints("user-timeout", "TCP_KEEPIDLE");
    Cli.run(JDK, "--version").prints("hb-agent ");
    Cli.run(JDK, "explain").prints("after 35 s", "360 packets an hour");
    Cli.run(JDK, "explain", "idle=300").prints("an Azure load balancer (240 s)");
    Cli.run(JDK, "explain", "idle=700")
        .prints("AWS NLB or EC2 connection tracking (350 s)", "Google Cloud (600 s)");
    Cli.run(JDK, "explain", "user-timeout=10s").prints("contradicts cnt", "user-timeout=derived");
  }

  /** A full disk is reported; a reader that has seen enough is not. */
  @Test
  void outputThatCannotBeWritten() throws Exception {
    assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full");
    String java = String.join(" ", JDK.command()) + " -jar " + Jvm.AGENT;
    for (String command : List.of("explain", "options", "--help", "list --json")) {
      try (Forked full = bash(java + " " + command + " > /dev/full")) {
        assertEquals(1, full.exit(), command);
        String reason = "hb-agent: cannot write to standard output (No space left on device)";
        List<String> err = new ArrayList<>(full.err());
        err.removeIf(
            line -> line.startsWith("waiting for JVM ")); // another test's, which list asks
        assertEquals(List.of(reason + "; its output is not complete"), err);
      }
    }
    try (Forked read = bash("set -o pipefail; " + java + " options | sleep 0")) {
      assertEquals(0, read.exit());
      assertEquals(List.of(), read.err());
    }
  }

  private static Forked bash(String script) throws Exception {
    return new Forked(new ProcessBuilder("bash", "-c", script));
  }

  /** A line feed in the target's name does not start a line of the stack trace. */
  @Test
  void verbosePrintsAStackTrace() throws Exception {
    Cli verbose = Cli.run(JDK, "status", "--verbose", "NoSuch\n\tat Main.fake");
    verbose.check(
        verbose.code() == 1 && verbose.err().contains("\n\tat io.hbagent.cli."), "a stack trace");
    verbose.check(!verbose.err().contains("\n\tat Main.fake"), "one line");
  }

  /** The script, and help that is piped, contain no colours. */
  @Test
  void completionPrintsAShellScript() throws Exception {
    Cli cli = Cli.run(JDK, "completion").prints("complete -F _complete_hb-agent", "hb-agent() {");
    Path script = Text.write(Files.createTempFile("hb-agent", ".bash"), cli.out());
    String words = "COMP_WORDS=(hb-agent att); COMP_CWORD=1; _complete_hb-agent; echo $COMPREPLY";
    try (Forked bash =
        new Forked(new ProcessBuilder("bash", "-c", "source " + script + "; " + words))) {
      assertEquals(0, bash.exit());
      assertEquals(List.of("attach"), bash.out());
    } finally {
      Files.delete(script);
    }
    Cli help = Cli.run(JDK, "--help");
    help.check(help.out().indexOf('\033') < 0, "no colours");
  }

  /**
   * Thread IDs as {@code top -H} shows them. The JVM would answer the signal with a thread dump.
   */
  @Test
  void threadIdInPlaceOfProcessId() throws Exception {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
    try (AttachTargetApp app = AttachTargetApp.start(JDK);
        Stream<Path> tasks = Files.list(Path.of("/proc", app.pid(), "task"))) {
      List<String> threads = tasks.map(path -> path.getFileName().toString()).sorted().toList();
      String thread = threads.stream().filter(id -> !id.equals(app.pid())).findFirst().get();
      Cli.run(JDK, "attach", thread)
          .fails(1, thread + " is a thread of process " + app.pid() + "; give " + app.pid());
      app.command("open 1");
      assertEquals(List.of(), app.forked().err());
    }
  }

  @Test
  void processesThatAreNoJvm() throws Exception {
    Cli.run(JDK, "status", "2147483646").fails(1, "there is no process 2147483646", "list");
    Cli.run(JDK, "status", "NoSuchMainClass").fails(1, "NoSuchMainClass", "list");
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
    try (Forked sleep = new Forked(new ProcessBuilder("sleep", "60"))) {
      Cli.run(JDK, "attach", String.valueOf(sleep.pid())).fails(1, "is no JVM");
      assertTrue(sleep.isAlive(), "no signal was sent that ends it");
    }
    List<String> parent = List.of("sh", "-c", "sleep 0 & echo $!; exec sleep 60");
    try (Forked sleep = new Forked(new ProcessBuilder(parent))) {
      String zombie = sleep.awaitOut(0, line -> true);
      Path status = Path.of("/proc", zombie, "status");
      Waiting.until(sleep, () -> Files.readString(status).contains("State:\tZ"));
      Cli.run(JDK, "status", zombie).fails(1, "process " + zombie + " has ended and is a zombie");
    }
  }

  @Test
  void ambiguousName() throws Exception {
    try (AttachTargetApp one = AttachTargetApp.start(JDK);
        AttachTargetApp two = AttachTargetApp.start(JDK)) {
      Cli.run(JDK, "status", "AttachTarge")
          .fails(1, "is the name of several JVMs; give a PID:", one.pid(), two.pid());
    }
  }

  /** Flags that make a JVM refuse agents; the message names the flag. */
  @TestFactory
  Stream<DynamicTest> jvmsThatTakeNoAgent() {
    return Jdk.all().stream()
        .flatMap(
            jdk ->
                Stream.of("-XX:+DisableAttachMechanism", "-XX:-EnableDynamicAgentLoading")
                    .filter(flag -> jdk.version() > 8 || !flag.contains("Dynamic"))
                    .map(
                        flag ->
                            DynamicTest.dynamicTest(jdk + " " + flag, () -> refuses(jdk, flag))));
  }

  private static void refuses(Jdk jdk, String flag) throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(jdk, flag)) {
      Cli.run(jdk, "attach", app.pid()).fails(1, flag, "restart it without");
      app.command("open 1");
      List<String> out = app.forked().out();
      assertTrue(out.stream().noneMatch(line -> line.contains("thread dump")), out::toString);
      assertEquals(List.of(), app.forked().err());
    }
  }

  /**
   * With {@code -Xrs} the JVM has no handler for SIGQUIT, and starts its Attach Listener at its own
   * start instead.
   */
  @TestFactory
  Stream<DynamicTest> jvmThatUsesNoSignals() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk, "-Xrs")) {
            Cli.run(jdk, "attach", app.pid()).prints("attached");
            app.command("open 1");
          }
        });
  }

  @Test
  void commandWithoutModuleJdkAttach() throws Exception {
    assumeTrue(JDK.version() > 8, "JDK 8 has no modules to leave out");
    try (AttachTargetApp app = AttachTargetApp.start(JDK)) {
      Cli.run(JDK, List.of("--limit-modules", "java.base,java.instrument"), "attach", app.pid())
          .fails(1, "it has no module jdk.attach", "/bin/java -jar");
    }
  }

  /** These commands define no class in the boot loader, because no detach could remove it. */
  @TestFactory
  Stream<DynamicTest> statusAndDryRunLeaveNoClass() {
    return Jdk.each(
        jdk -> {
          try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
            app.command("open 1");
            Cli.run(jdk, "status", app.pid()).fails(1, "hb-agent is not in it; use attach first");
            Cli.run(jdk, "detach", app.pid())
                .fails(1, "hb-agent is not in it; there is nothing to detach");
            Cli.run(jdk, "attach", "--dry-run", app.pid(), "idle=7")
                .prints("2 connections would be given the policy", "nothing was changed");
            Cli.run(jdk, "attach", app.pid(), "enabled=false").fails(1, "asks for nothing");
            assertEquals(List.of("bridge none"), app.command("bridge"));
            Cli.run(jdk, "attach", app.pid()).prints("2 connections given the policy");
            String version = Cli.run(jdk, "--version").out().replace("hb-agent ", "bridge ");
            assertEquals(List.of(version), app.command("bridge"));
          }
        });
  }

  @Test
  void badOptionsOfAnAttachedAgentChangeNothing() throws Exception {
    try (AttachTargetApp app = AttachTargetApp.start(JDK)) {
      Path file = Text.write(Files.createTempFile("hb-agent", ".properties"), "idle = 7");
      try {
        Cli.run(JDK, "attach", app.pid(), "config=" + file).prints("idle=7s", file.toString());
        Text.write(file, "idle = nine");
        Cli.run(JDK, "attach", app.pid(), "config=" + file).fails(2, "idle=nine", "line 1");
        Cli.run(JDK, "status", app.pid()).prints("idle=7s");
      } finally {
        Files.delete(file);
      }
    }
  }
}
