package io.hbagent.keepalive;

/**
 * The options an application can set itself, one bit each, by the names the JDK gives them ({@link
 * java.net.StandardSocketOptions}, {@code jdk.net.ExtendedSocketOptions}).
 */
final class Options {

  static final int KEEPALIVE = 1;
  static final int IDLE = 2;
  static final int INTVL = 4;
  static final int CNT = 8;
  static final int ALL = KEEPALIVE | IDLE | INTVL | CNT;

  /** Beside {@link #KEEPALIVE}: what the application has last asked for was to turn it on. */
  static final int WANTED = 16;

  /** TCP_USER_TIMEOUT, which no call of the JDK sets: only where native code may have set it. */
  static final int USER_TIMEOUT = 32;

  private Options() {}

  /** The bit of an option, or 0 for one that is no concern of ours. */
  static int bit(String name) {
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
