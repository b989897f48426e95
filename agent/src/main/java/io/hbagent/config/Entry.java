package io.hbagent.config;

import io.hbagent.text.Printable;
import java.util.Map;

/** Option as it was given: key, value and where. Immutable. */
final class Entry {

  /** Keys of one source. */
  private static final int MAX_KEYS = 10_000;

  final String key;
  final String value;
  private final String place;

  /**
   * @param key as written
   * @param value as written
   * @param place in words: {@code agent arguments}, or a file and line
   */
  Entry(String key, String value, String place) {
    this.key = key;
    this.value = value;
    this.place = place;
  }

  /** Adds it to those of the same source by their keys. */
  void addTo(Map<String, Entry> entries) throws BadOption {
    Entry other = entries.put(key, this);
    if (other != null) {
      throw error("contradicts " + other + "; give it once");
    }
    if (entries.size() > MAX_KEYS) {
      throw error("is one key too many; allowed are " + MAX_KEYS + " in a file");
    }
  }

  /** Returns an error about a value that is not allowed. */
  BadOption bad(String allowed) {
    return error("is not allowed; allowed is " + allowed);
  }

  /** Returns an error whose sentence begins with this entry. */
  BadOption error(String rest) {
    return new BadOption(this + " " + rest);
  }

  /** Returns key, value and place for a message, of bounded length. */
  @Override
  public String toString() {
    return Printable.brief(key) + "=" + Printable.brief(value) + " (" + place + ")";
  }
}
