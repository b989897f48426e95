package io.hbagent.keepalive;

/**
 * What a connection shall carry. Immutable.
 *
 * <p>A dead peer is found {@code idle + intvl * cnt} seconds after its last segment: the kernel
 * sends the first probe after idle, the next ones intvl apart, and gives up intvl after the last of
 * cnt (tcp(7), {@code net/ipv4/tcp_timer.c}).
 */
public final class Policy {

  /**
   * As a user timeout: set by the watchdog, on a connection whose data is not acknowledged, for as
   * long as it is not.
   */
  public static final int ADAPTIVE = -1;

  /** Nothing is set: the connection stays as the application has it. */
  public static final Policy OFF = new Policy(false, 0, 0, 0, 0);

  /** 20/5/3: a dead peer is found in 35 s, within the usual range of 30 to 40 s. */
  public static final Policy STANDARD = new Policy(true, 20, 5, 3, 0);

  private final boolean keepalive;
  private final int idle;
  private final int intvl;
  private final int cnt;
  private final int userTimeout;

  /**
   * @param keepalive whether the agent sets anything at all
   * @param idle seconds, 1 to 32767
   * @param intvl seconds, 1 to 32767
   * @param cnt probes, 1 to 127
   * @param userTimeout milliseconds, 0 for none, or {@link #ADAPTIVE}
   */
  public Policy(boolean keepalive, int idle, int intvl, int cnt, int userTimeout) {
    this.keepalive = keepalive;
    this.idle = idle;
    this.intvl = intvl;
    this.cnt = cnt;
    this.userTimeout = userTimeout;
  }

  /** Whether the agent sets anything at all. */
  public boolean keepalive() {
    return keepalive;
  }

  /** TCP_KEEPIDLE, in seconds. */
  public int idle() {
    return idle;
  }

  /** TCP_KEEPINTVL, in seconds. */
  public int intvl() {
    return intvl;
  }

  /** TCP_KEEPCNT, in probes. */
  public int cnt() {
    return cnt;
  }

  /** TCP_USER_TIMEOUT to set at once, in milliseconds; 0 for none. */
  public int userTimeout() {
    return userTimeout == ADAPTIVE ? 0 : userTimeout;
  }

  /** Whether the watchdog sets and clears TCP_USER_TIMEOUT. */
  public boolean adaptive() {
    return userTimeout == ADAPTIVE;
  }

  /**
   * After how many milliseconds unacknowledged data ends the connection; 0: when the kernel does.
   */
  public long dataDeadAfter() {
    return adaptive() ? deadAfter() * 1000L : userTimeout;
  }

  /** How long after its last segment a silent peer is given up, in seconds. */
  public int deadAfter() {
    return idle + intvl * cnt;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Policy)) {
      return false;
    }
    Policy that = (Policy) other;
    return keepalive == that.keepalive
        && idle == that.idle
        && intvl == that.intvl
        && cnt == that.cnt
        && userTimeout == that.userTimeout;
  }

  @Override
  public int hashCode() {
    return ((idle * 31 + intvl) * 31 + cnt) * 31 + userTimeout + (keepalive ? 1 : 0);
  }

  @Override
  public String toString() {
    if (!keepalive) {
      return "off";
    }
    String text = idle + "/" + intvl + "/" + cnt;
    if (adaptive()) {
      return text + "/adaptive";
    }
    return userTimeout > 0 ? text + "/" + userTimeout + "ms" : text;
  }
}
