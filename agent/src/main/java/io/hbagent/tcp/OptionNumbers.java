package io.hbagent.tcp;

/**
 * The numbers of the socket options, which differ from one operating system to the next.
 *
 * <p>Sources: Linux {@code asm-generic/socket.h} and {@code linux/tcp.h}; macOS {@code
 * sys/socket.h} and {@code netinet/tcp.h}; Windows {@code winsock2.h} and {@code ws2ipdef.h} (the
 * three TCP_KEEP* since Windows 10 1709).
 */
public final class OptionNumbers {

  /** The number of an option that this system does not have. */
  static final int NONE = -1;

  /** Level and number of SO_KEEPALIVE. */
  final int socketLevel;

  final int keepAlive;

  /** Level of the others; IPPROTO_TCP is 6 everywhere. */
  final int tcpLevel = 6;

  final int idle;
  final int intvl;
  final int cnt;
  final int userTimeout;
  final int info;

  /** SO_PROTOCOL, which tells what a socket is; only used to explain a refusal. */
  final int protocol;

  private OptionNumbers(
      int socketLevel,
      int keepAlive,
      int idle,
      int intvl,
      int cnt,
      int userTimeout,
      int info,
      int protocol) {
    this.socketLevel = socketLevel;
    this.keepAlive = keepAlive;
    this.idle = idle;
    this.intvl = intvl;
    this.cnt = cnt;
    this.userTimeout = userTimeout;
    this.info = info;
    this.protocol = protocol;
  }

  private static volatile OptionNumbers current;

  /**
   * The numbers of this operating system, or null; the first call must come from code that may read
   * system properties.
   */
  public static OptionNumbers current() {
    OptionNumbers known = current;
    if (known == null) {
      known = of(System.getProperty("os.name"));
      current = known;
    }
    return known;
  }

  /**
   * The numbers of an operating system.
   *
   * @param osName as in the system property {@code os.name}
   * @return null for a system whose numbers are not known: there nothing can be set
   */
  public static OptionNumbers of(String osName) {
    if (osName.startsWith("Linux")) {
      return new OptionNumbers(1, 9, 4, 5, 6, 18, 11, 38);
    }
    if (osName.startsWith("Mac")) {
      return new OptionNumbers(0xFFFF, 8, 0x10, 0x101, 0x102, NONE, NONE, NONE);
    }
    if (osName.startsWith("Windows")) {
      return new OptionNumbers(0xFFFF, 8, 3, 17, 16, NONE, NONE, NONE);
    }
    return null;
  }

  /** Returns the number of one of the {@link Options}, or {@link #NONE}. */
  int of(int option) {
    switch (option) {
      case Options.KEEPALIVE:
        return keepAlive;
      case Options.IDLE:
        return idle;
      case Options.INTVL:
        return intvl;
      case Options.CNT:
        return cnt;
      default:
        return userTimeout;
    }
  }

  /** Returns the level of one of the {@link Options}. */
  int level(int option) {
    return option == Options.KEEPALIVE ? socketLevel : tcpLevel;
  }

  /** Returns the one of the {@link Options} that has a level and number, or 0. */
  public int option(int level, int number) {
    for (int option = Options.KEEPALIVE; option <= Options.CNT; option <<= 1) {
      if (level(option) == level && of(option) == number) {
        return option;
      }
    }
    return 0;
  }

  /** Returns whether TCP_USER_TIMEOUT exists here. */
  public boolean hasUserTimeout() {
    return userTimeout != NONE;
  }

  /** Returns whether TCP_INFO exists here, with the layout of Linux. */
  public boolean hasInfo() {
    return info != NONE;
  }
}
