package io.hbagent.cli;

import java.io.Console;

/** Whether a human reads along. */
final class Terminal {

  private Terminal() {}

  /** From JDK 22 on there is a console also when output is redirected; it tells, if asked. */
  @SuppressWarnings("SystemConsoleNull")
  static boolean isInteractive() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true; // JDK 8 to 21: there would be none
    }
  }
}
