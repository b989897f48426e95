package io.hbagent.config;

/** Reads and prints the values of single keys. Pure; on the start path. */
final class Values {

  /** Largest value of TCP_KEEPIDLE and TCP_KEEPINTVL ({@code net/tcp.h}). */
  static final int MAX_SECONDS = 32767;

  /** Of a size, each 1024 times the one before. */
  private static final String UNITS = "kmg";

  private Values() {}

  /** A duration in whole seconds, 1 to 32767. */
  static int seconds(Entry entry, Key key) throws BadOption {
    long millis = millis(entry.value);
    if (millis < 1000 || millis > MAX_SECONDS * 1000L || millis % 1000 != 0) {
      throw entry.bad(key.allowed());
    }
    return (int) (millis / 1000);
  }

  /** A duration in milliseconds, in a range. */
  static int millis(Entry entry, int min, int max, Key key) throws BadOption {
    long millis = millis(entry.value);
    if (millis < min || millis > max) {
      throw entry.bad(key.allowed());
    }
    return (int) millis;
  }

  /** A number in a range. */
  static int number(Entry entry, int min, int max, Key key) throws BadOption {
    long number = digits(entry.value, entry.value.length());
    if (number < min || number > max) {
      throw entry.bad(key.allowed());
    }
    return (int) number;
  }

  /** A size such as 500k, 10m or 1g in bytes, 10k to 100g. */
  static long bytes(Entry entry, Key key) throws BadOption {
    int digits = Math.max(0, entry.value.length() - 1);
    int unit = UNITS.indexOf(entry.value.substring(digits));
    long bytes = unit < 0 ? -1 : digits(entry.value, digits) << (10 * (unit + 1));
    if (bytes < (10L << 10) || bytes > (100L << 30)) {
      throw entry.bad(key.allowed());
    }
    return bytes;
  }

  /** Prints bytes as {@link #bytes} reads them. */
  static String size(long bytes) {
    int unit = bytes % (1L << 30) == 0 ? 2 : bytes % (1L << 20) == 0 ? 1 : 0;
    return (bytes >> (10 * (unit + 1))) + UNITS.substring(unit, unit + 1);
  }

  /** Returns whether the value is the first of two words. */
  static boolean either(Entry entry, String yes, String no, Key key) throws BadOption {
    if (entry.value.equals(yes)) {
      return true;
    }
    if (entry.value.equals(no)) {
      return false;
    }
    throw entry.bad(key.allowed());
  }

  /** A duration such as 5, 5s, 2m, 1h or 500ms in milliseconds; -1 when it is none. */
  static long millis(String text) {
    int length = 0;
    while (length < text.length() && Character.isDigit(text.charAt(length))) {
      length++;
    }
    long number = digits(text, length);
    if (number < 0) {
      return -1;
    }
    switch (text.substring(length)) {
      case "":
      case "s":
        return number * 1000;
      case "ms":
        return number;
      case "m":
        return number * 60_000;
      case "h":
        return number * 3_600_000;
      default:
        return -1;
    }
  }

  /**
   * The first {@code length} characters as a number of at most nine digits; -1 when they are none.
   */
  private static long digits(String text, int length) {
    if (length == 0 || length > 9) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  /** Prints milliseconds as {@link #millis} reads them. */
  static String duration(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
