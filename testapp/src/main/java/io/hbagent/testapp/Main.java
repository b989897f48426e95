package io.hbagent.testapp;

import io.hbagent.testapp.heartbeat.HeartbeatClient;
import io.hbagent.testapp.heartbeat.HeartbeatServer;
import io.hbagent.testapp.keepalive.KeepaliveClient;
import io.hbagent.testapp.pingpong.PingPongClient;
import io.hbagent.testapp.pingpong.PingPongServer;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of testapp.jar: a subcommand for each program, see {@link #commandLine}. */
@Command(
    name = "testapp",
    synopsisSubcommandLabel = "PROGRAM",
    commandListHeading = "%nPrograms:%n",
    description = "Small network programs that know nothing of hb-agent.",
    footer = {
      "",
      "Exit code: 0 when all went well, 1 for a failure, 2 for a command line that makes no sense."
    })
public final class Main {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help and exit.")
  @SuppressWarnings("unused") // picocli looks at it
  private boolean help;

  private Main() {}

  /** Runs the program that the first arguments name. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The whole command line with every program in it; a new program is one more line here. */
  public static CommandLine commandLine() {
    CommandLine main = new CommandLine(new Main());
    group(main, "echo", "Blocking sockets.", new EchoServer(), new EchoClient());
    group(main, "nio", "Channels and a selector.", new NioServer(), new NioClient());
    group(main, "async", "Asynchronous channels.", new AsyncServer(), new AsyncClient());
    group(
        main,
        "http",
        "com.sun.net.httpserver and java.net.http.",
        new WebServer(),
        new WebClient());
    group(main, "mute", "A peer that never says anything.", new MuteServer());
    group(main, "pingpong", "PING and PONG in frames.", new PingPongServer(), new PingPongClient());
    group(
        main,
        "heartbeat",
        "HeartBeat and OK in lines.",
        new HeartbeatServer(),
        new HeartbeatClient());
    group(main, "keepalive", "Keepalive that an application sets itself.", new KeepaliveClient());
    return main.setExecutionExceptionHandler(Main::failed)
        .setParameterExceptionHandler(Main::misused);
  }

  /**
   * A subcommand that only holds others: {@code echo}, say, with {@code server} and {@code client}.
   */
  static void group(CommandLine main, String name, String description, Object... programs) {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description(description)
        .synopsisSubcommandLabel("COMMAND")
        .commandListHeading("%nCommands:%n");
    CommandLine group = new CommandLine(spec);
    for (Object program : programs) {
      group.addSubcommand(program);
    }
    main.addSubcommand(name, group);
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) throws Exception {
    if (!(e instanceof Failure)) {
      throw e; // a bug in testapp: picocli shows its stack trace and exits with 1
    }
    complain(command, e);
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    complain(command, e);
    PrintWriter err = command.getErr();
    UnmatchedArgumentException.printSuggestions(e, err);
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static void complain(CommandLine command, Exception e) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
  }
}
