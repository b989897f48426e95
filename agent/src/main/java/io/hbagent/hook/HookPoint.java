package io.hbagent.hook;

/**
 * One row of the table of woven methods: which method, where in it, and what is called there.
 *
 * <p>The state is written by whichever thread loads or retransforms the class and read by the
 * agent's thread for the start line and the status.
 */
public final class HookPoint {

  /** How a row ends. */
  public enum State {
    /** Its class has not been seen yet. */
    PENDING,
    /** The call is in place. */
    WOVEN,
    /** This JDK has no such class or method. */
    ABSENT,
    /** The class is there and could not be woven: something is missed. */
    FAILED
  }

  /** Before the first instruction of the method. */
  static final boolean ENTRY = true;

  /** Before every normal return of the method. */
  static final boolean RETURN = false;

  final String owner;
  final String method;
  final String parameters;
  final boolean atEntry;
  final String call;
  final String arguments;
  final String way;
  private final String reason;
  private volatile State state = State.PENDING;

  /**
   * @param owner internal name of the class
   * @param method name of the method
   * @param parameters how the method's descriptor begins; cut off where JDKs differ
   * @param atEntry {@link #ENTRY} or {@link #RETURN}
   * @param call the method of {@link Bridge} to call
   * @param arguments its arguments, see {@link CallInserter}
   * @param way what of the application passes here: where every row of a way is absent, it is
   *     missed
   * @param reason which connections pass here, on which JDKs
   */
  HookPoint(
      String owner,
      String method,
      String parameters,
      boolean atEntry,
      String call,
      String arguments,
      String way,
      String reason) {
    this.owner = owner;
    this.method = method;
    this.parameters = parameters;
    this.atEntry = atEntry;
    this.call = call;
    this.arguments = arguments;
    this.way = way;
    this.reason = reason;
  }

  /** This row for one class, where {@link #owner} is only how the names of its classes end. */
  HookPoint in(String className) {
    return new HookPoint(className, method, parameters, atEntry, call, arguments, way, reason);
  }

  /** Ends all rows of a class. */
  static void conclude(HookPoint[] rows, String owner, State state) {
    for (HookPoint row : rows) {
      if (row.owner.equals(owner)) {
        row.state(state);
      }
    }
  }

  boolean matches(String name, String descriptor) {
    return method.equals(name) && descriptor.startsWith(parameters);
  }

  /** Which connections pass here, on which JDKs. */
  public String reason() {
    return reason;
  }

  /** What became of this row so far. */
  public State state() {
    return state;
  }

  void state(State newState) {
    state = newState;
  }

  /** The class and method, as a Java programmer writes them. */
  @Override
  public String toString() {
    return owner.replace('/', '.') + "." + method;
  }
}
