package io.hbagent.tcp;

import java.util.HashMap;
import java.util.Map;

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

  /** Of {@code asm/unistd_64.h}. */
  private static final Map<Integer, Kind> X86_64 = new HashMap<>();

  /** Of {@code asm-generic/unistd.h}, which has neither poll nor epoll_wait. */
  private static final Map<Integer, Kind> AARCH64 = new HashMap<>();

  static {
    put(X86_64, Kind.READ, 0, 19, 45, 47); // read readv recvfrom recvmsg
    put(X86_64, Kind.WRITE, 1, 20, 44, 46); // write writev sendto sendmsg
    put(X86_64, Kind.CONNECT, 42);
    put(X86_64, Kind.ACCEPT, 43, 288); // accept accept4
    put(X86_64, Kind.POLL, 7, 271); // poll ppoll
    put(X86_64, Kind.EPOLL, 232, 281, 441); // epoll_wait epoll_pwait epoll_pwait2
    put(AARCH64, Kind.READ, 63, 65, 207, 212);
    put(AARCH64, Kind.WRITE, 64, 66, 206, 211);
    put(AARCH64, Kind.CONNECT, 203);
    put(AARCH64, Kind.ACCEPT, 202, 242);
    put(AARCH64, Kind.POLL, 73);
    put(AARCH64, Kind.EPOLL, 22, 441);
  }

  private static void put(Map<Integer, Kind> numbers, Kind kind, int... calls) {
    for (int call : calls) {
      numbers.put(call, kind);
    }
  }

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
   * Returns the kinds of calls by number, or null for a processor they are not known of.
   *
   * @param architecture as in the system property {@code os.arch}
   */
  static Map<Integer, Kind> numbers(String architecture) {
    return architecture.equals("amd64") ? X86_64 : architecture.equals("aarch64") ? AARCH64 : null;
  }

  /** Returns the call, or null if the thread is in none that waits on a descriptor. */
  static SystemCall parse(String line, Map<Integer, Kind> numbers) {
    String[] words = line.trim().split(" ", -1);
    try {
      Kind kind = words.length < 3 ? null : numbers.get(Integer.valueOf(words[0]));
      return kind == null ? null : new SystemCall(kind, argument(words[1]), argument(words[2]));
    } catch (NumberFormatException e) {
      return null; // a format that is not known
    }
  }

  private static long argument(String hex) {
    return Long.parseUnsignedLong(hex.substring(2), 16);
  }

  /** Returns the first argument as a descriptor. */
  int descriptor() {
    return (int) first;
  }
}
