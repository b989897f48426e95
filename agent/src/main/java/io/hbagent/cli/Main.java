package io.hbagent.cli;

import static io.hbagent.cli.Text.count;
import static io.hbagent.cli.Text.fill;

import io.hbagent.config.Help;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.control.Version;
import io.hbagent.text.Printable;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: runs the command and reports every failure in one sentence. */
@Command(
    name = "hb-agent",
    description = "TCP keepalive for JVM applications that cannot be changed.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ListCommand.class,
      AttachCommand.class,
      Main.StatusCommand.class,
      WhyCommand.class,
      Main.DetachCommand.class,
      AbortCommand.class,
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
      description = "Show more: of a status the numbers, of a failure the stack trace.")
  boolean verbose;

  /** Called by {@link io.hbagent.CliMain}, which reports a jar that is incomplete. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command and returns the exit code. */
  static int run(String... arguments) {
    Main main = new Main();
    CommandLine line = new CommandLine(main).setUsageHelpAutoWidth(true);
    line.getCommandSpec().version("hb-agent " + Version.text());
    line.setParameterExceptionHandler(Main::reportUsage);
    line.setExecutionExceptionHandler((e, command, parsed) -> main.report(e, command.getErr()));
    int code = line.execute(arguments);
    return code == 0 && !isWritten() ? CommandException.FAILED : code;
  }

  /** Prints an error in the command line, and the usage as picocli itself does. */
  private static int reportUsage(CommandLine.ParameterException e, String[] given) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    ColorScheme colours = CommandLine.Help.defaultColorScheme(ofErrors());
    String message = e.getMessage();
    if (e instanceof UnmatchedArgumentException) {
      List<String> unmatched = ((UnmatchedArgumentException) e).getUnmatched();
      List<String> options =
          Stream.of(given).filter(Main::isAgentOption).collect(Collectors.toList());
      // All but one, so the command takes options.
      if (options.size() == unmatched.size() + 1 && options.containsAll(unmatched)) {
        message = "separate options by commas: " + String.join(",", options).replace(",,", ",");
      }
    }
    err.println(colours.errorText("hb-agent: " + message));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      command.usage(err, colours);
    }
    return CommandException.USAGE;
  }

  private static boolean isAgentOption(String argument) {
    return argument.matches("[a-z][a-z-]*=.*");
  }

  /**
   * Returns false, and reports it, if standard output did not take everything. A reader that has
   * ended, as {@code head} does, has seen enough.
   */
  private static boolean isWritten() {
    if (!System.out.checkError() || Terminal.outputIsPipe()) {
      return true;
    }
    String reason = "";
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write('\n'); // PrintStream does not report the reason
    } catch (IOException e) {
      if ("Broken pipe".equals(e.getMessage())) { // a FIFO, or no /proc
        return true;
      }
      reason = " (" + e.getMessage() + ")";
    }
    System.err.println(
        "hb-agent: cannot write to standard output" + reason + "; its output is not complete");
    return false;
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

  /** Shows the agent's settings in a JVM, and the options of each connection. */
  @Command(
      name = "status",
      description = {
        "Show which connections hang and why, settings, hooks, and each connection as the kernel has",
        "it now."
      },
      mixinStandardHelpOptions = true)
  static final class StatusCommand implements Callable<Integer> {

    @ParentCommand private Main main;

    @Mixin private Progress progress;

    @Parameters(index = "0", paramLabel = "PID|NAME", description = "The JVM.")
    private String target;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
        names = "--wide",
        description = "Cut nothing off at the edge of the screen (80 columns if there is none).")
    private boolean wide;

    @Option(
        names = "--watch",
        description = "Show it again every 2 s, until interrupted: what the screen holds.")
    private boolean watch;

    @Override
    public Integer call() throws CommandException, InterruptedException {
      Target jvm = Target.of(target, progress);
      if (watch) {
        jvm.watch(report -> show(jvm, report));
      } else {
        show(jvm, jvm.ask(Request.Verb.STATUS, ""));
      }
      return 0;
    }

    /** Shows it; returns false once no one reads it, as behind a {@code head} that has ended. */
    private boolean show(Target jvm, Report report) {
      if (json) {
        System.out.print(report.toJson());
      } else {
        int[] size = Terminal.size();
        String text =
            StatusText.of(jvm.toString(), report, main.verbose, wide ? Integer.MAX_VALUE : size[1]);
        for (Report.Entry warning : report.all("warning")) {
          text = fill("warning: {text}\n", warning) + text; // above what a small screen cuts off
        }
        if (watch && Terminal.showsOutput()) {
          System.out.print("\033[H\033[2J"); // ECMA-48: home, erase the screen
          text = StatusText.top(text, size[0]);
        }
        System.out.print(text);
      }
      return !System.out.checkError(); // which flushes
    }
  }

  /** Takes the agent out of a JVM. */
  @Command(
      name = "detach",
      description = "Take hb-agent out of a running JVM: no hook and no thread stays.",
      mixinStandardHelpOptions = true)
  static final class DetachCommand implements Callable<Integer> {

    /** The agent has waited for its thread before; this is for the kernel. */
    private static final long THREAD_MILLIS = 2_000;

    @Mixin private Progress progress;

    @Parameters(index = "0", paramLabel = "PID|NAME", description = "The JVM.")
    private String target;

    @Option(
        names = "--restore",
        description = "Give the open connections back what they had before.")
    private boolean restore;

    @Override
    public Integer call() throws CommandException, InterruptedException {
      Target jvm = Target.of(target, progress);
      Request.Verb verb = restore ? Request.Verb.RESTORE : Request.Verb.DETACH;
      Report report = jvm.ask(verb, "", "detached");
      Report.Entry done = report.first("done");
      Report.Entry open = report.first("open");
      System.out.println(jvm + ": hb-agent detached");
      if (restore) {
        String connections = count(open.number("turned-off"), "connection");
        System.out.println(
            "  open: keepalive turned off on " + connections + " that did not have it before");
      } else {
        long kept = open.number("kept");
        System.out.println(
            "  open: "
                + count(kept, "connection")
                + (kept == 1
                    ? " keeps the options it was given until it closes"
                    : " keep the options they were given until they close"));
      }
      if (done.number("failures") > 0) {
        System.out.println(
            fill("  failures while it was there: {failures}, the first: {first-failure}", done));
      }
      if (!done.text("left").isEmpty()) {
        throw CommandException.failed(
            "not all of it could be taken out; left is %s; gone after a restart",
            done.text("left"));
      }
      if (jvm.hasAgentThread(THREAD_MILLIS)) {
        throw CommandException.failed(
            "the agent's thread has not ended yet; see what the thread hb-agent does with: jstack %s",
            jvm.pid());
      }
      return 0;
    }
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
