package io.hbagent.config;

/**
 * The values a key may have: words, numbers of one unit in a range, or both. Immutable; on the
 * start path.
 */
final class ValueType {

  private static final int HOUR = 3_600_000;

  /** Largest value of TCP_KEEPIDLE and TCP_KEEPINTVL ({@code net/tcp.h}). */
  private static final int MAX_SECONDS = 32767;

  /** Suffixes of a size, each 1024 times the one before. */
  private static final String SIZES = "kmg";

  // Units. No enum: it would be a class more to load at the start.
  private static final int NUMBER = 0;
  private static final int MILLIS = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;

  /** The allowed values, in a phrase. */
  final String phrase;

  private final int unit;
  private final long min;
  private final long max;
  private final long step;
  private final String[] words;

  private ValueType(String phrase, int unit, long min, long max, long step, String... words) {
    this.phrase = phrase;
    this.unit = unit;
    this.min = min;
    this.max = max;
    this.step = step;
    this.words = words;
  }

  static ValueType words(String phrase, String... words) {
    return new ValueType(phrase, NUMBER, 1, 0, 1, words);
  }

  static ValueType number(String phrase, int min, int max) {
    return new ValueType(phrase, NUMBER, min, max, 1);
  }

  /** A duration in whole seconds, 1 to 32767. */
  static ValueType seconds(String phrase, String... words) {
    return new ValueType(phrase, MILLIS, 1000, MAX_SECONDS * 1000L, 1000, words);
  }

  /** A duration in milliseconds, at most so many hours. */
  static ValueType millis(String phrase, int min, int maxHours, String... words) {
    return new ValueType(phrase, MILLIS, min, (long) maxHours * HOUR, 1, words);
  }

  /** A size, 10k to 100g. */
  static ValueType bytes(String phrase, String... words) {
    return new ValueType(phrase, BYTES, 10L << 10, 100L << 30, 1, words);
  }

  /** Any text that is not empty. */
  static ValueType text(String phrase) {
    return new ValueType(phrase, TEXT, 1, 0, 1);
  }

  /**
   * Returns the value of an entry as it is printed: {@code 120s} for {@code 2m}.
   *
   * @throws BadOption if it is not allowed
   */
  String read(Entry entry) throws BadOption {
    String value = entry.value;
    if (unit == TEXT && !value.isEmpty()) {
      return value;
    }
    for (String word : words) {
      if (word.equals(value)) {
        return word;
      }
    }
    long number =
        unit == MILLIS
            ? millis(value)
            : unit == BYTES ? bytes(value) : digits(value, value.length());
    if (number < min || number > max || number % step != 0) {
      throw entry.bad(phrase);
    }
    return unit == MILLIS ? duration(number) : unit == BYTES ? size(number) : Long.toString(number);
  }

  /** Returns a duration such as 5, 5s, 2m, 1h or 500ms in milliseconds; -1 when it is none. */
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
        return number * HOUR;
      default:
        return -1;
    }
  }

  /** Prints milliseconds as {@link #millis} reads them. */
  static String duration(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /** Returns a size such as 500k, 10m or 1g in bytes; -1 when it is none. */
  static long bytes(String text) {
    int length = Math.max(0, text.length() - 1);
    int unit = SIZES.indexOf(text.substring(length));
    return unit < 0 ? -1 : digits(text, length) << (10 * (unit + 1));
  }

  private static String size(long bytes) {
    int unit = bytes % (1L << 30) == 0 ? 2 : bytes % (1L << 20) == 0 ? 1 : 0;
    return (bytes >> (10 * (unit + 1))) + SIZES.substring(unit, unit + 1);
  }

  /** Returns the first characters as a number of at most nine digits; -1 when they are none. */
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
}
