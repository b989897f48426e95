package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** {@code log=} that cannot be written, and {@code log-level=}. */
class LogOptionsXIT {

  @TempDir Path folder;

  /** Says so, once, and goes on to standard error: a log that is lost must not be lost unseen. */
  @TestFactory
  Stream<DynamicTest> fileThatCannotBeWritten() {
    return Jdk.each(
        jdk -> {
          for (Path log : List.of(folder, folder.resolve("missing").resolve("hb.log"))) {
            try (Session session = new Session(new Jvm(jdk).agent("idle=7,log=" + log))) {
              session.app().awaitErr(0, StartLine::isStart);
              List<String> err = session.app().err();
              assertTrue(err.get(0).contains(" event=log-unusable log=" + log), err.get(0));
              assertTrue(err.get(0).contains(" level=warn "), err.get(0));
              assertEquals(2, err.size(), session.app().describe("two lines"));
              assertEquals(
                  "keepalive=1 idle=7 intvl=5 cnt=3 user-timeout=0",
                  session.both("open one 127.0.0.1 0"));
              session.end();
            }
          }
        });
  }

  /** At warn the warning of user-timeout comes and the start line does not; at off neither. */
  @TestFactory
  Stream<DynamicTest> level() throws Exception {
    Path file = Text.write(folder.resolve("level.properties"), "idle = 5", "user-timeout = 7");
    return Jdk.each(
        jdk -> {
          String options = "config=" + file + ",log-level=";
          try (Session session = new Session(new Jvm(jdk).agent(options + "warn"))) {
            session.app().awaitErr(0, line -> line.contains("does not read"));
            assertEquals(1, session.app().err().size(), session.app().describe("one line"));
            session.end();
          }
          Text.write(file, "idle = 5", "user-timeout = 7");
          try (Session session = new Session(new Jvm(jdk).agent(options + "off"))) {
            session.both("open one 127.0.0.1 0");
            // A reload is done, and logged where anything is, after the start line.
            Text.write(file, "idle = 6", "user-timeout = 7");
            Waiting.forValue(
                session.app(), () -> bothHave(" idle=6 ", session.tell("read one")) ? true : null);
            assertEquals(List.of(), session.app().err(), session.app().describe("no line"));
            session.end();
          }
        });
  }

  /** Not one end only, as while the reload goes from one connection to the next. */
  private static boolean bothHave(String option, List<ProbeRun.Line> ends) {
    return ends.size() == 2 && ends.stream().allMatch(end -> end.options().contains(option));
  }
}
