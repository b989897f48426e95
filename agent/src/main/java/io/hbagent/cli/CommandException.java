package io.hbagent.cli;

import io.hbagent.text.Printable;

/** Failure of a command: one printable sentence with a cure, and the exit code. */
final class CommandException extends Exception {

  static final int USAGE = 2;
  static final int FAILED = 1;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String sentence, Throwable cause) {
    super(Printable.of(sentence), cause);
    this.exitCode = exitCode;
  }

  /** Returns the failure of a command line that makes no sense. */
  static CommandException usage(String sentence) {
    return new CommandException(USAGE, sentence, null);
  }

  /** Returns the failure of a command line that makes sense. */
  static CommandException failed(String sentence) {
    return new CommandException(FAILED, sentence, null);
  }

  /** Returns the same with the cause that {@code --verbose} shows. */
  static CommandException failed(String sentence, Throwable cause) {
    return new CommandException(FAILED, sentence, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
