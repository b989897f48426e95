package io.hbagent.cli;

/** What could not be done, as one sentence with a cure, and the exit code that goes with it. */
final class Failure extends Exception {

  static final int USAGE = 2;
  static final int FAILED = 1;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private Failure(int exitCode, String sentence, Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
  }

  /** The command line makes no sense. */
  static Failure usage(String sentence) {
    return new Failure(USAGE, sentence, null);
  }

  /** It makes sense, and did not work. */
  static Failure failed(String sentence) {
    return new Failure(FAILED, sentence, null);
  }

  /** The same, with what {@code --verbose} shows. */
  static Failure failed(String sentence, Throwable cause) {
    return new Failure(FAILED, sentence, cause);
  }

  int exitCode() {
    return exitCode;
  }
}
