package io.hbagent.testapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Help texts and error messages. */
class CommandLineTest {
  static List<String> commands() {
    List<String> names = new ArrayList<>();
    collect(Main.commandLine(), "", names);
    return names;
  }

  private static void collect(CommandLine command, String name, List<String> names) {
    names.add(name);
    command.getSubcommands().forEach((sub, line) -> collect(line, name + " " + sub, names));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    Program help = Program.start((command + " --help").trim().split(" "));
    help.exits(0).await("Usage: testapp" + command + ".*");
    assertEquals("", help.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "echo                          | testapp echo: Missing required subcommand",
        "eco                           | testapp: Unmatched argument at index 0: 'eco'",
        "echo server --prot 1          | testapp echo server: Unknown options: '--prot', '1'",
        "echo client --port 65536      | '65536' is not a port from 0 to 65535",
        "nio server --port many        | 'many' is not a port from 0 to 65535",
        "async client --hold -1        | '-1' is not a number of seconds such as 5 or 0.5",
        "http client --interval 1s     | '1s' is not a number of seconds such as 5 or 0.5",
        "mute server --host            | Missing required parameter for option '--host' (HOST)",
      })
  void wrongCommandLineExitsWith2(String command, String sentence) {
    Program wrong = Program.start(command.split(" ")).exits(2);
    assertTrue(wrong.err().contains(sentence), wrong::toString);
    assertEquals("", wrong.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "nio", "async", "http", "mute"})
  void portTaken(String kind) throws IOException {
    try (ServerSocket owner = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(owner.getLocalPort());
      Program second = Program.start(kind, "server", "--port", port).exits(1);
      assertEquals(
          "testapp " + kind + " server: cannot listen on 127.0.0.1:" + port + ": the port is taken",
          second.err().trim());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "nio", "async", "http"})
  void nobodyListens(String kind) throws IOException {
    int port;
    try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = once.getLocalPort();
    }
    Program client = Program.start(kind, "client", "--port", Integer.toString(port)).exits(1);
    assertTrue(
        client.err().startsWith("testapp " + kind + " client: cannot connect to 127.0.0.1:" + port),
        client::toString);
    assertEquals(1, client.err().lines().count(), client::toString);
  }

  @Test
  void noSuchHost() {
    // A space can be part of no host's name, so no name server is asked.
    Program client = Program.start("echo", "client", "--host", "no such host").exits(1);
    assertEquals("testapp echo client: no such host: no such host", client.err().trim());
  }
}
