package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines that are refused before a JVM is looked for. */
class MainTest {

  private static String refused(String line) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertEquals(2, Main.run(line.split(" ", -1)));
    } finally {
      System.setErr(err);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "attach 1 idle=5 intvl=2 | separate options by commas: idle=5,intvl=2",
        "attach 1 idle=5, intvl=2 --dry-run | separate options by commas: idle=5,intvl=2",
        "explain idle=5 intvl=2 cnt=3 | separate options by commas: idle=5,intvl=2,cnt=3",
        "status 1 idle=5 intvl=2 | Unmatched arguments from index 2: 'idle=5', 'intvl=2'",
        "list --timeout 30s | --timeout=30s is not allowed; allowed is 1 to 86400 (seconds)",
        "list --timeout=86401 | --timeout=86401 is not allowed; allowed is 1 to 86400 (seconds)",
        "list --timeout=-1 | --timeout=-1 is not allowed; allowed is 1 to 86400 (seconds)",
        "attach 1 idle=0 | idle=0 (agent arguments) is not allowed; allowed is 1s to 32767s, as 20,"
            + " 20s or 2m"
      })
  void usageErrorsNameTheCure(String line, String sentence) {
    assertEquals("hb-agent: " + sentence, refused(line));
  }

  @ParameterizedTest
  @CsvSource({"attach", "list x", "atach 1", "status 1 --jsn"})
  void usageErrorsBeginWithTheName(String line) {
    String first = refused(line);
    assertTrue(first.startsWith("hb-agent: "), first);
  }

  @Test
  void helpOfDetachPromisesNoMoreThanItDoes() {
    String help = new picocli.CommandLine(new Main.DetachCommand()).getUsageMessage();
    assertTrue(help.contains("no hook and no thread stays"), help);
  }
}
