package io.hbagent.hook;

/**
 * A row of the table of woven methods: the method, the place in it, and the call to insert.
 *
 * <p>The state is written by the thread that loads or retransforms the class and read by the
 * agent's thread, for the start line and the status.
 */
public final class HookPoint {

  /** The result of weaving a row. */
  public enum State {
    /** Its class has not been seen yet. */
    PENDING,
    /** The call is in place. */
    WOVEN,
    /** This JDK has no such class or method. */
    ABSENT,
    /** The class exists and could not be woven: connections are missed. */
    FAILED
  }

  /** Before the first instruction of the method. */
  static final boolean ENTRY = true;

  /** Before every normal return of the method. */
  static final boolean RETURN = false;

  final String owner;
  final String method;
  final boolean atEntry;
  final String call;
  final String operation;
  private final String reason;
  private volatile State state = State.PENDING;

  /**
   * @param owner internal name of the class
   * @param method name and descriptor of the method; the descriptor is cut off where JDKs differ
   * @param atEntry {@link #ENTRY} or {@link #RETURN}
   * @param call the method of {@link Bridge} and its arguments, see {@link Weaver.CallInserter}
   * @param operation of the application, which is missed if all rows for it are absent
   * @param reason the connections that pass here, and the JDKs
   */
  HookPoint(
      String owner, String method, boolean atEntry, String call, String operation, String reason) {
    this.owner = owner;
    this.method = method;
    this.atEntry = atEntry;
    this.call = call;
    this.operation = operation;
    this.reason = reason;
  }

  /** Returns this row for one class, where {@link #owner} is only the end of its name. */
  HookPoint in(String className) {
    return new HookPoint(className, method, atEntry, call, operation, reason);
  }

  /** Sets the state of all rows of a class. */
  static void conclude(HookPoint[] rows, String owner, State state) {
    for (HookPoint row : rows) {
      if (row.owner.equals(owner)) {
        row.state = state;
      }
    }
  }

  boolean matches(String name, String descriptor) {
    return name.concat(descriptor).startsWith(method);
  }

  /** Returns the class, which must be of the JDK; loads it, and does not initialise it. */
  Class<?> load() throws ClassNotFoundException {
    return Class.forName(className(), false, null);
  }

  String className() {
    return owner.replace('/', '.');
  }

  String methodName() {
    return method.substring(0, method.indexOf('('));
  }

  /** Returns the connections that pass here, and the JDKs. */
  public String reason() {
    return reason;
  }

  /** Returns the present state. */
  public State state() {
    return state;
  }

  void state(State newState) {
    state = newState;
  }

  /** Returns the class and method, as in Java source. */
  @Override
  public String toString() {
    return className() + "." + methodName();
  }
}
