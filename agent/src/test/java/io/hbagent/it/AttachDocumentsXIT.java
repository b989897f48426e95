package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Commands in the documents work, and the JVM's output is as they quote it. */
class AttachDocumentsXIT {

  private static final Jdk JDK = Jdk.all().get(Jdk.all().size() - 1);
  private static final String COMMAND = "java -jar hb-agent.jar ";

  /** Runs a document's commands in their order, as one session with one JVM. */
  @TestFactory
  Stream<DynamicTest> commandsWork() {
    return Stream.of("README.md", "docs/attach.md", "docs/abort.md", "docs/diagnosis.md")
        .map(name -> DynamicTest.dynamicTest(name, () -> run(name)));
  }

  private static void run(String document) throws Exception {
    List<String> commands = lines(document).filter(line -> line.startsWith(COMMAND)).toList();
    assertTrue(commands.size() >= 4, commands::toString);
    try (AttachTargetApp app = AttachTargetApp.start(JDK)) {
      app.command("open 1");
      for (String command : commands) {
        String arguments = command.substring(COMMAND.length()).replaceAll("PID|4711", app.pid());
        arguments = arguments.replace(":5432", ":" + app.port());
        Cli.run(JDK, arguments.split(" ")).prints("");
      }
      assertEquals(List.of(), app.command("properties"), "the last one detaches");
    }
  }

  /** Compares the warning of JDK 21 and newer with the documents, word for word. */
  @TestFactory
  Stream<DynamicTest> warningIsQuoted() {
    List<Jdk> some = Jdk.all().stream().filter(jdk -> jdk.version() >= 21).toList();
    return Stream.of("README.md", "docs/attach.md")
        .flatMap(
            name ->
                some.stream()
                    .map(
                        jdk -> DynamicTest.dynamicTest(name + ", " + jdk, () -> quote(name, jdk))));
  }

  private static void quote(String document, Jdk jdk) throws Exception {
    List<String> quoted =
        lines(document)
            .filter(line -> line.startsWith("WARNING: "))
            .map(line -> line.replaceAll("\\(/\\S+\\)", "(" + Jvm.AGENT + ")"))
            .toList();
    try (AttachTargetApp app = AttachTargetApp.start(jdk)) {
      Cli.run(jdk, "attach", app.pid()).prints("attached");
      List<String> printed =
          app.forked().err().stream().filter(line -> line.startsWith("WARNING: ")).toList();
      assertEquals(printed, quoted);
    }
  }

  private static Stream<String> lines(String document) throws IOException {
    return Files.readAllLines(Path.of("..").resolve(document)).stream();
  }
}
