package io.hbagent.control;

/** What the command line, or the MBean, asks of an agent. Immutable. */
public final class Request {

  /** What to do. */
  public enum Verb {
    /** Start with these options, or go on with them. */
    ATTACH,
    /** Tell what an attach with these options would change. */
    DRY_RUN,
    /** Tell everything. */
    STATUS,
    /** Tell everything, and again whenever the file named in the options has been emptied. */
    WATCH,
    /** Read the file and the environment again. */
    RELOAD,
    /** Go away. */
    DETACH,
    /** Go away, and give open connections back what they had. */
    RESTORE
  }

  private final Verb verb;
  private final String options;

  /**
   * @param options the text after {@code -javaagent:hb-agent.jar=}, for the verbs that take it
   */
  public Request(Verb verb, String options) {
    this.verb = verb;
    this.options = options;
  }

  /** What to do. */
  public Verb verb() {
    return verb;
  }

  /** The option text, possibly empty. */
  public String options() {
    return options;
  }

  /** As text that {@link #parse} reads. */
  @Override
  public String toString() {
    return verb + "\n" + options + "\n";
  }

  /** Reads a request; null when this is none. */
  public static Request parse(String text) {
    int first = text.indexOf('\n');
    if (first < 0 || !text.endsWith("\n") || first == text.length() - 1) {
      return null;
    }
    try {
      Verb verb = Verb.valueOf(text.substring(0, first));
      return new Request(verb, text.substring(first + 1, text.length() - 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
