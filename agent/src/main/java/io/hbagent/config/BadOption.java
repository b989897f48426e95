package io.hbagent.config;

import io.hbagent.text.Printable;

/**
 * Options that cannot be used. The message is one printable sentence for the user: key, value,
 * where it was given, and what is allowed or the cure.
 */
public final class BadOption extends Exception {

  private static final long serialVersionUID = 1L;

  BadOption(String message) {
    super(Printable.of(message));
  }

  /**
   * Returns the error about a key that does not exist, with the nearest one that does.
   *
   * @param rulePrefix {@code rule.NAME.}, which the key begins with, or an empty text
   */
  static BadOption unknownKey(Entry entry, String rulePrefix) {
    boolean inRule = !rulePrefix.isEmpty();
    String wrong = entry.key.substring(rulePrefix.length());
    StringBuilder known = new StringBuilder();
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (Key key : Key.values()) {
      if (inRule ? !key.isInRule() : key.scope == Key.Scope.RULE) {
        continue;
      }
      String text = key.text.replace("rule.NAME.", "");
      known.append(known.length() == 0 ? "" : ", ").append(text);
      int distance = distance(wrong, text);
      if (distance < least) {
        least = distance;
        nearest = text;
      }
    }
    String meant = Printable.brief(rulePrefix) + nearest;
    String where = inRule ? "Known in a rule are " : "Known are ";
    return entry.error("is unknown; did you mean " + meant + "? " + where + known);
  }

  /** Returns Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
