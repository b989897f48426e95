package io.hbagent.cli;

import java.io.File;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

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
final class CompletionCommand implements Runnable {

  private static final String NAME = "hb-agent";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    String java = new File(System.getProperty("java.home"), "bin/java").getPath();
    String jar = new File(System.getProperty("java.class.path")).getAbsolutePath();
    System.out.print(AutoComplete.bash(NAME, spec.root().commandLine()));
    System.out.print("\ntype " + NAME + " > /dev/null 2>&1 || ");
    System.out.print(NAME + "() { " + ShellQuoting.words(java, "-jar", jar) + " \"$@\"; }\n");
  }
}
