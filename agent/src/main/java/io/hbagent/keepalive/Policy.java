package io.hbagent.keepalive;

import io.hbagent.tcp.Options;

/**
 * The values a connection is given. Immutable.
 *
 * <p>A dead peer is found {@code idle + intvl * cnt} seconds after its last segment: the kernel
 * sends the first probe after idle, the next ones intvl apart, and gives up intvl after the last of
 * cnt (tcp(7), {@code net/ipv4/tcp_timer.c}). A user timeout takes the place of cnt, see {@link
 * #deadAfter}.
 */
public final class Policy extends KeepaliveValues {

  /** Value of the user timeout: the watchdog sets TCP_USER_TIMEOUT while data is unacknowledged. */
  public static final int ADAPTIVE = -1;

  /** Nothing is set: the connection stays as the application has it. */
  public static final Policy OFF = new Policy(false, 0, 0, 0, 0);

  /** 20/5/3: a dead peer is found in 35 s, within the usual range of 30 to 40 s. */
  public static final Policy STANDARD = new Policy(true, 20, 5, 3, 0);

  private final boolean adaptive;

  /**
   * Creates a policy.
   *
   * @param keepalive whether the agent sets anything at all
   * @param idle seconds, 1 to 32767
   * @param intvl seconds, 1 to 32767
   * @param cnt probes, 1 to 127
   * @param userTimeout milliseconds, 0 for none, or {@link #ADAPTIVE}
   */
  public Policy(boolean keepalive, int idle, int intvl, int cnt, int userTimeout) {
    super(keepalive ? 1 : 0, idle, intvl, cnt, userTimeout == ADAPTIVE ? 0 : userTimeout);
    this.adaptive = userTimeout == ADAPTIVE;
  }

  /** Returns the {@link Options} it sets at once, without those in {@code own}. */
  int options(int own) {
    boolean timeout = userTimeout() > 0 && Options.CURRENT.hasUserTimeout();
    return (timeout ? Options.ALL : Options.KEEPALIVE_ALL) & ~own;
  }

  /** Returns a policy with other values of keepalive, and this user timeout. */
  Policy with(KeepaliveValues other) {
    int timeout = adaptive ? ADAPTIVE : userTimeout();
    return new Policy(other.keepalive(), other.idle(), other.intvl(), other.cnt(), timeout);
  }

  /** Returns whether the watchdog sets and clears TCP_USER_TIMEOUT. */
  public boolean adaptive() {
    return adaptive;
  }

  /**
   * Returns the number of seconds after its last segment when a silent peer is given up.
   *
   * <p>With TCP_USER_TIMEOUT the kernel no longer counts probes: it gives up when the first one is
   * due after that time, if one is unanswered by then ({@code tcp_keepalive_timer}). An adaptive
   * one is not set while probes are sent.
   */
  public int deadAfter() {
    if (userTimeout() == 0) {
      return probing();
    }
    int limit = (int) ((userTimeout() + 999L) / 1000);
    int probes = Math.max(1, (limit - idle() + intvl() - 1) / intvl());
    return idle() + probes * intvl();
  }

  /**
   * Returns the number of milliseconds after which unacknowledged data ends the connection; 0: when
   * the kernel does.
   */
  public long dataDeadAfter() {
    return adaptive ? deadAfter() * 1000L : userTimeout();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Policy
        && differences((Policy) other) == 0
        && adaptive == ((Policy) other).adaptive;
  }

  @Override
  public int hashCode() {
    return (idle() * 31 + intvl()) * 31 + cnt();
  }

  @Override
  public String toString() {
    if (!keepalive()) {
      return "off";
    }
    String text = idle() + "/" + intvl() + "/" + cnt();
    if (adaptive) {
      return text + "/adaptive";
    }
    return userTimeout() > 0 ? text + "/" + userTimeout() + "ms" : text;
  }
}
