package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.testapp.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The defaults that a program uses are those that its help prints. */
class DefaultsTest {
  @ParameterizedTest
  @CsvSource({
    "pingpong, server, --host, 127.0.0.1",
    "pingpong, server, --port, 50005",
    "pingpong, server, --reply-delay, 0",
    "pingpong, server, --type1, 11",
    "pingpong, server, --type2, 22",
    "pingpong, server, --max-clients, 5000",
    "pingpong, client, --host, 127.0.0.1",
    "pingpong, client, --port, 50005",
    "pingpong, client, --type1, 11",
    "pingpong, client, --type2, 22",
    "pingpong, client, --idle, 10",
    "pingpong, client, --intvl, 3",
    "pingpong, client, --cnt, 3",
    "heartbeat, server, --port, 5005",
    "heartbeat, server, --timeout, 60",
    "heartbeat, server, --max-clients, 5000",
    "heartbeat, server, --max-line, 1024",
    "heartbeat, client, --port, 5005",
    "heartbeat, client, --idle, 25",
    "heartbeat, client, --intvl, 5",
    "heartbeat, client, --cnt, 5",
    "keepalive, client, --port, 7007",
    "keepalive, client, --preset, quick",
  })
  void whatIsUsedUnlessToldOtherwise(String kind, String side, String option, String value) {
    CommandLine program = Main.commandLine().getSubcommands().get(kind).getSubcommands().get(side);
    assertEquals(
        value, program.getCommandSpec().findOption(option).defaultValueString(true), option);
  }

  @Test
  void theHelpOfKeepaliveSaysWhatHoldsOnWindows() {
    String help =
        Main.commandLine()
            .getSubcommands()
            .get("keepalive")
            .getSubcommands()
            .get("client")
            .getUsageMessage(CommandLine.Help.Ansi.OFF)
            .replaceAll("\\s+", " ");
    assertTrue(help.contains("Windows"), help);
    assertTrue(help.contains("SIO_KEEPALIVE_VALS"), help);
    assertTrue(help.contains("Java 21 or newer"), help);
    assertTrue(help.contains("quick is 5/5/3, patient 60/180/5, kernel 7200/75/9"), help);
  }
}
