package io.hbagent.cli;

import io.hbagent.control.Version;
import io.hbagent.text.Printable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: runs the command and reports every failure in one sentence. */
@Command(
    name = "hb-agent",
    description = "TCP keepalive for JVM applications that cannot be changed.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ListCommand.class,
      AttachCommand.class,
      StatusCommand.class,
      DetachCommand.class,
      ExplainCommand.class,
      OptionsCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    },
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Exit code: 0 when all went well, 1 for a failure, 2 for a command line that",
      "makes no sense.",
      "Without the command line: java -javaagent:hb-agent.jar=OPTIONS -jar app.jar"
    })
public final class Main implements Callable<Integer> {

  /** The version of the jar. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"hb-agent " + Version.text()};
    }
  }

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  boolean verbose;

  /** Called by {@link io.hbagent.CliMain}, which reports a jar that is incomplete. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command and returns the exit code. */
  static int run(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main);
    CommandLine.IParameterExceptionHandler standard = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler(
        (e, given) -> {
          if (Terminal.errorsGoElsewhere()) {
            e.getCommandLine().setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
          }
          return standard.handleParseException(e, given);
        });
    line.setExecutionExceptionHandler((e, command, parsed) -> main.report(e, command.getErr()));
    line.setUsageHelpAutoWidth(true);
    return line.execute(arguments);
  }

  private int report(Exception e, PrintWriter err) {
    boolean ours = e instanceof CommandException;
    String sentence =
        ours ? e.getMessage() : "unexpected failure (" + e + "); --verbose shows where";
    err.println("hb-agent: " + Printable.of(sentence));
    if (verbose) {
      for (Throwable each = e; each != null; each = each.getCause()) {
        err.println((each == e ? "" : "Caused by: ") + Printable.of(each.toString()));
        for (StackTraceElement frame : each.getStackTrace()) {
          err.println("\tat " + Printable.of(frame.toString()));
        }
      }
    }
    err.flush();
    return ours ? ((CommandException) e).exitCode() : CommandException.FAILED;
  }

  /** Prints the usage, for a command line without a command. */
  @Override
  public Integer call() {
    new CommandLine(this).usage(System.err, Terminal.errorsGoElsewhere() ? Ansi.OFF : Ansi.AUTO);
    return CommandException.USAGE;
  }
}
