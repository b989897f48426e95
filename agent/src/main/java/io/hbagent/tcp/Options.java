package io.hbagent.tcp;

/**
 * The socket options the agent sets, one bit each, and their numbers on an operating system.
 *
 * <p>Sources: Linux {@code asm-generic/socket.h} and {@code linux/tcp.h}; macOS {@code
 * sys/socket.h} and {@code netinet/tcp.h}; Windows {@code winsock2.h} and {@code ws2ipdef.h} (the
 * three TCP_KEEP* since Windows 10 1709).
 */
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

  /** The options that the JDK sets. */
  public static final int KEEPALIVE_ALL = KEEPALIVE | IDLE | INTVL | CNT;

  /** All of them. */
  public static final int ALL = KEEPALIVE_ALL | USER_TIMEOUT;

  /** The number of options. */
  public static final int COUNT = 5;

  /** The number of an option that the system does not have. */
  static final int NONE = -1;

  /** Level of all but SO_KEEPALIVE: IPPROTO_TCP is 6 everywhere. */
  static final int TCP_LEVEL = 6;

  private static final String[] NAMES = {
    "SO_KEEPALIVE", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT"
  };

  /** As in java.net.StandardSocketOptions and jdk.net.ExtendedSocketOptions. */
  private static final String[] JDK_NAMES = {
    "SO_KEEPALIVE", "TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT"
  };

  /**
   * The options of this operating system, or null if their numbers are not known: then none can be
   * set. The first use must come from code that may read system properties.
   */
  public static final Options CURRENT = of(System.getProperty("os.name"));

  /** Level of SO_KEEPALIVE and SO_PROTOCOL. */
  final int socketLevel;

  /** SO_PROTOCOL, which is an IPPROTO_* number. */
  final int protocol;

  /** TCP_INFO. */
  final int info;

  /** By the index of the bit. */
  private final int[] numbers;

  private Options(int socketLevel, int protocol, int info, int... numbers) {
    this.socketLevel = socketLevel;
    this.protocol = protocol;
    this.info = info;
    this.numbers = numbers;
  }

  /**
   * Returns the options of an operating system, or null if their numbers are not known.
   *
   * @param osName as in the system property {@code os.name}
   */
  public static Options of(String osName) {
    if (osName.startsWith("Linux")) {
      return new Options(1, 38, 11, 9, 4, 5, 6, 18);
    }
    if (osName.startsWith("Mac")) {
      return new Options(0xFFFF, NONE, NONE, 8, 0x10, 0x101, 0x102, NONE);
    }
    if (osName.startsWith("Windows")) {
      return new Options(0xFFFF, NONE, NONE, 8, 3, 17, 16, NONE);
    }
    return null;
  }

  /** Returns the index of an option's bit, below {@link #COUNT}. */
  public static int index(int option) {
    return Integer.numberOfTrailingZeros(option);
  }

  /** Returns the name of an option, as in tcp(7) and socket(7). */
  public static String name(int option) {
    return NAMES[index(option)];
  }

  /** Returns the option that the JDK gives a name, or 0. */
  public static int bit(String jdkName) {
    for (int i = 0; i < JDK_NAMES.length; i++) {
      if (JDK_NAMES[i].equals(jdkName)) {
        return 1 << i;
      }
    }
    return 0;
  }

  /** Returns the option that has a level and number here, or 0. */
  public int bit(int level, int number) {
    for (int option = KEEPALIVE; option <= CNT; option <<= 1) {
      if (level(option) == level && number(option) == number) {
        return option;
      }
    }
    return 0;
  }

  /** Returns the number of an option, or {@link #NONE}. */
  int number(int option) {
    return numbers[index(option)];
  }

  int level(int option) {
    return option == KEEPALIVE ? socketLevel : TCP_LEVEL;
  }

  /** Returns whether TCP_USER_TIMEOUT exists here. */
  public boolean hasUserTimeout() {
    return number(USER_TIMEOUT) != NONE;
  }

  /** Returns whether TCP_INFO exists here, with the layout of Linux. */
  public boolean hasInfo() {
    return info != NONE;
  }
}
