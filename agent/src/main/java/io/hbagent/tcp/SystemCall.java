package io.hbagent.tcp;

/**
 * The system call that a thread is in, as {@code /proc/self/task/TID/syscall} shows it (proc(5)): a
 * number, six arguments, the stack pointer and the program counter; or {@code running}. Immutable.
 */
final class SystemCall {

  /** The kinds of calls that wait on a descriptor. */
  enum Kind {
    READ,
    WRITE,
    CONNECT,
    ACCEPT,
    /** The first argument is the address of an array of struct pollfd, the second its length. */
    POLL,
    /** The first argument is the descriptor of an epoll instance. */
    EPOLL
  }

  // read readv recvfrom recvmsg, write writev sendto sendmsg, connect, accept accept4, poll ppoll,
  // epoll_wait epoll_pwait epoll_pwait2: linux/asm/unistd_64.h
  private static final int[][] X86_64 = {
    {0, 19, 45, 47}, {1, 20, 44, 46}, {42}, {43, 288}, {7, 271}, {232, 281, 441}
  };

  /** asm-generic/unistd.h, which has neither poll nor epoll_wait. */
  private static final int[][] AARCH64 = {
    {63, 65, 207, 212}, {64, 66, 206, 211}, {203}, {202, 242}, {73}, {22, 441}
  };

  final Kind kind;

  /** The first argument. */
  final long first;

  /** The second argument. */
  final long second;

  private SystemCall(Kind kind, long first, long second) {
    this.kind = kind;
    this.first = first;
    this.second = second;
  }

  /**
   * Returns the numbers of each {@link Kind}, or null for a processor they are not known of.
   *
   * @param architecture as in the system property {@code os.arch}
   */
  static int[][] numbers(String architecture) {
    return architecture.equals("amd64") ? X86_64 : architecture.equals("aarch64") ? AARCH64 : null;
  }

  /** Returns the call, or null if the thread is in none that waits on a descriptor. */
  static SystemCall parse(String line, int[][] numbers) {
    String[] words = line.trim().split(" ", -1);
    try {
      int number = words.length < 3 ? -1 : Integer.parseInt(words[0]);
      for (Kind kind : Kind.values()) {
        for (int each : numbers[kind.ordinal()]) {
          if (each == number) {
            return new SystemCall(kind, argument(words[1]), argument(words[2]));
          }
        }
      }
    } catch (NumberFormatException e) {
      // a format that is not known
    }
    return null;
  }

  private static long argument(String hex) {
    return Long.parseUnsignedLong(hex.substring(2), 16);
  }

  /** Returns the first argument as a descriptor. */
  int descriptor() {
    return (int) first;
  }
}
