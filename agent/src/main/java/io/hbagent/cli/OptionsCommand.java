package io.hbagent.cli;

import io.hbagent.config.Help;
import picocli.CommandLine.Command;

/** The table of the agent's options. */
@Command(
    name = "options",
    description = "Show the table of OPTIONS.",
    mixinStandardHelpOptions = true)
final class OptionsCommand implements Runnable {

  @Override
  public void run() {
    System.out.print(Help.text());
  }
}
