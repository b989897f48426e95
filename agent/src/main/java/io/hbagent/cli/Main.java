package io.hbagent.cli;

import io.hbagent.config.Help;
import io.hbagent.control.Version;
import io.hbagent.text.Printable;
import java.io.File;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line: runs the command and reports every failure in one sentence. */
@Command(
    name = "hb-agent",
    description = "TCP keepalive for JVM applications that cannot be changed.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ListCommand.class,
      AttachCommand.class,
      StatusCommand.class,
      DetachCommand.class,
      ExplainCommand.class,
      Main.OptionsCommand.class,
      Main.CompletionCommand.class,
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

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  private boolean verbose;

  /** Called by {@link io.hbagent.CliMain}, which reports a jar that is incomplete. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command and returns the exit code. */
  static int run(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main).setUsageHelpAutoWidth(true);
    line.getCommandSpec().version("hb-agent " + Version.text());
    CommandLine.IParameterExceptionHandler standard = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler(
        (e, given) -> {
          e.getCommandLine().setColorScheme(CommandLine.Help.defaultColorScheme(ofErrors()));
          return standard.handleParseException(e, given);
        });
    line.setExecutionExceptionHandler((e, command, parsed) -> main.report(e, command.getErr()));
    return line.execute(arguments);
  }

  /** Returns the colours of standard error; picocli looks at standard output alone. */
  private static Ansi ofErrors() {
    return Terminal.showsOutput() && !Terminal.showsErrors() ? Ansi.OFF : Ansi.AUTO;
  }

  private int report(Exception e, PrintWriter err) {
    boolean ours = e instanceof CommandException;
    String sentence =
        ours ? e.getMessage() : "unexpected failure (" + e + "); --verbose shows where";
    err.println("hb-agent: " + Printable.of(sentence));
    for (Throwable each = verbose ? e : null; each != null; each = each.getCause()) {
      err.println((each == e ? "" : "Caused by: ") + Printable.of(each.toString()));
      for (StackTraceElement frame : each.getStackTrace()) {
        err.println("\tat " + Printable.of(frame.toString()));
      }
    }
    err.flush();
    return ours ? ((CommandException) e).exitCode : CommandException.FAILED;
  }

  /** Prints the usage, for a command line without a command. */
  @Override
  public Integer call() {
    new CommandLine(this).usage(System.err, ofErrors());
    return CommandException.USAGE;
  }

  /** The table of the agent's options. */
  @Command(
      name = "options",
      description = "Show the table of OPTIONS.",
      mixinStandardHelpOptions = true)
  static final class OptionsCommand implements Runnable {
    @Override
    public void run() {
      System.out.print(Help.text());
    }
  }

  /**
   * A script for bash and zsh. A jar has no name a shell could complete, so the script also defines
   * {@code hb-agent}, unless there is such a command.
   */
  @Command(
      name = "completion",
      description = "Print a bash or zsh script that completes this command line.",
      mixinStandardHelpOptions = true,
      footer = {
        "",
        "In a bash or zsh: source <(java -jar hb-agent.jar completion)",
        "From then on hb-agent stands for java -jar hb-agent.jar, and Tab completes it."
      })
  static final class CompletionCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
      String java = new File(System.getProperty("java.home"), "bin/java").getPath();
      String jar = new File(System.getProperty("java.class.path")).getAbsolutePath();
      System.out.print(AutoComplete.bash("hb-agent", spec.root().commandLine()));
      System.out.print("\ntype hb-agent > /dev/null 2>&1 || hb-agent() { ");
      System.out.print(Text.shellWords(java, "-jar", jar) + " \"$@\"; }\n");
    }
  }
}
