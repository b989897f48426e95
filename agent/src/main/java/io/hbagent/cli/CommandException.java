package io.hbagent.cli;

/** What could not be done, as one sentence with a cure, and the exit code that goes with it. */
final class CommandException extends Exception {

  static final int USAGE = 2;
  static final int FAILED = 1;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private CommandException(int exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** The command line makes no sense. */
  static CommandException usage(String sentence) {
    return new CommandException(USAGE, sentence, null);
  }

  /** It makes sense, and did not work. */
  static CommandException failed(String sentence) {
    return new CommandException(FAILED, sentence, null);
  }

  /** The same, with what {@code --verbose} shows. */
  static CommandException failed(String sentence, Throwable cause) {
    return new CommandException(FAILED, sentence, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
