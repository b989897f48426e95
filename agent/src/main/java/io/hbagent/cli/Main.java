package io.hbagent.cli;

import io.hbagent.control.Version;
import io.hbagent.text.Printable;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: parses, hands over, and turns every failure into one sentence. */
@Command(
    name = "hb-agent",
    description = "TCP keepalive for JVM applications nobody may change.",
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

  /** Called by the door, which tells of a jar that is not whole. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** The same without an end of the JVM; returns the exit code. */
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
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      String lines = Printable.of(trace.toString());
      err.print(lines.replace("\\u0009", "\t").replace("\\u000a", "\n"));
    }
    err.flush();
    return ours ? ((CommandException) e).exitCode() : CommandException.FAILED;
  }

  /** No command: shows what there is. */
  @Override
  public Integer call() {
    new CommandLine(this).usage(System.err, Terminal.errorsGoElsewhere() ? Ansi.OFF : Ansi.AUTO);
    return CommandException.USAGE;
  }
}
