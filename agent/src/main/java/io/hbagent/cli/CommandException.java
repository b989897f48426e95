package io.hbagent.cli;

/** Failure of a command: one printable sentence with a cure, and the exit code. */
final class CommandException extends Exception {

  static final int USAGE = 2;
  static final int FAILED = 1;

  private static final long serialVersionUID = 1L;

  final int exitCode;

  private CommandException(int exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** Returns the failure of a command line that makes no sense; its message says why. */
  static CommandException usage(Exception e) {
    return new CommandException(USAGE, e.getMessage(), null);
  }

  /** Returns the failure of a command line that makes sense. */
  static CommandException failed(String format, Object... values) {
    return failed(null, format, values);
  }

  /** Returns the same with the cause that {@code --verbose} shows; null is none. */
  static CommandException failed(Throwable cause, String format, Object... values) {
    return new CommandException(FAILED, Text.format(format, values), cause);
  }
}
