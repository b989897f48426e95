package io.hbagent.control;

/** A request of the command line, or of the MBean, to an agent. Immutable. */
public final class Request {

  /** The time an MBean's client waits. */
  public static final long DEFAULT_MILLIS = 30_000;

  /** The actions. */
  public enum Verb {
    /** Start with these options, or go on with them. */
    ATTACH,
    /** Report what an attach with these options would change. */
    DRY_RUN,
    /** Report everything. */
    STATUS,
    /** Report the connections alone, to the remote ends in the options if there are any. */
    WHY,
    /** Report everything but the connections. */
    COUNTERS,
    /** Report everything, and again whenever the file named in the options has been emptied. */
    WATCH,
    /** Read the file and the environment again. */
    RELOAD,
    /** End the connections that the options name. */
    ABORT,
    /** Detach. */
    DETACH,
    /** Detach, and give open connections back what they had. */
    RESTORE
  }

  /** The action. */
  public final Verb verb;

  /** The text after {@code -javaagent:hb-agent.jar=}, for the verbs that take it; else empty. */
  public final String options;

  /** The time in which it must be answered, in ms; else it is withdrawn. */
  public final long millis;

  /** Creates a request. */
  public Request(Verb verb, String options, long millis) {
    this.verb = verb;
    this.options = options;
    this.millis = millis;
  }

  /** Returns whether it asks the agent to detach. */
  public boolean isDetach() {
    return verb == Verb.DETACH || verb == Verb.RESTORE;
  }

  /** Returns it as text that {@link #parse} reads. */
  @Override
  public String toString() {
    return verb + " " + millis + "\n" + options + "\n";
  }

  /** Reads a request; returns null if the text is none. */
  public static Request parse(String text) {
    int blank = text.indexOf(' ');
    int first = text.indexOf('\n');
    if (blank < 0 || first < blank || !text.endsWith("\n") || first == text.length() - 1) {
      return null;
    }
    try {
      return new Request(
          Verb.valueOf(text.substring(0, blank)),
          text.substring(first + 1, text.length() - 1),
          Long.parseLong(text.substring(blank + 1, first)));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
