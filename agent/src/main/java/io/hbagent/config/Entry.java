package io.hbagent.config;

/** One option as it was given: key, value, and where it stood. Immutable. */
final class Entry {

  final String key;
  final String value;
  final String origin;

  /**
   * @param key as written
   * @param value as written
   * @param origin where it stood, in words: {@code agent arguments}, {@code FILE line 3}
   */
  Entry(String key, String value, String origin) {
    this.key = key;
    this.value = value;
    this.origin = origin;
  }

  /** An error about the value of a known key. */
  BadOption bad(String allowed) {
    return new BadOption(
        key + "=" + value + " (" + origin + ") is not allowed; allowed is " + allowed);
  }
}
