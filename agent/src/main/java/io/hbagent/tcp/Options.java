package io.hbagent.tcp;

/** The socket options the agent sets, one bit each. */
public final class Options {

  /** SO_KEEPALIVE. */
  public static final int KEEPALIVE = 1;

  /** TCP_KEEPIDLE. */
  public static final int IDLE = 2;

  /** TCP_KEEPINTVL. */
  public static final int INTVL = 4;

  /** TCP_KEEPCNT. */
  public static final int CNT = 8;

  /** TCP_USER_TIMEOUT, which only native code sets: the JDK has no name for it. */
  public static final int USER_TIMEOUT = 16;

  /** Those that the JDK sets. */
  public static final int KEEPALIVE_ALL = KEEPALIVE | IDLE | INTVL | CNT;

  /** All of them. */
  public static final int ALL = KEEPALIVE_ALL | USER_TIMEOUT;

  private Options() {}

  /**
   * Returns the bit of an option, or 0 for one that is not here.
   *
   * @param name as in {@link java.net.StandardSocketOptions} and {@code
   *     jdk.net.ExtendedSocketOptions}
   */
  public static int bit(String name) {
    switch (name) {
      case "SO_KEEPALIVE":
        return KEEPALIVE;
      case "TCP_KEEPIDLE":
        return IDLE;
      case "TCP_KEEPINTERVAL":
        return INTVL;
      case "TCP_KEEPCOUNT":
        return CNT;
      default:
        return 0;
    }
  }
}
