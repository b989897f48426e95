package io.hbagent.config;

import io.hbagent.text.Printable;
import java.util.Map;

/** Option as it was given: key, value and where. Immutable. */
final class Entry {

  /** Keys of one source. */
  private static final int MAX_KEYS = 10_000;

  final String key;
  final String value;
  private final String source;
  private final int line;

  /**
   * @param key as written
   * @param value as written
   * @param source in words: {@code agent arguments}, or a file
   * @param line of the file; 0 for none
   */
  Entry(String key, String value, String source, int line) {
    this.key = key;
    this.value = value;
    this.source = source;
    this.line = line;
  }

  /** Adds it to those of the same source by their keys. */
  void addTo(Map<String, Entry> entries) throws BadOption {
    Entry other = entries.put(key, this);
    if (other != null) {
      throw new BadOption(this + " contradicts " + other + "; give it once");
    }
    if (entries.size() > MAX_KEYS) {
      throw new BadOption(this + " is one key too many; allowed are " + MAX_KEYS + " in a file");
    }
  }

  /** Returns an error about the value of a known key. */
  BadOption bad(String allowed) {
    return new BadOption(this + " is not allowed; allowed is " + allowed);
  }

  /** Returns key, value and place for a message, of bounded length. */
  @Override
  public String toString() {
    String place = line == 0 ? source : source + " line " + line;
    return Printable.brief(key) + "=" + Printable.brief(value) + " (" + place + ")";
  }
}
