package io.hbagent.config;

/** Errors about keys that do not exist, with the nearest one that does. */
final class Unknown {

  private Unknown() {}

  static BadOption key(Entry entry) {
    return error(entry, entry.key, nearest(entry.key, false));
  }

  static BadOption ruleKey(Entry entry, String key) {
    String prefix = entry.key.substring(0, entry.key.length() - key.length());
    return error(entry, key, prefix + nearest(key, true));
  }

  private static BadOption error(Entry entry, String key, String nearest) {
    StringBuilder known = new StringBuilder();
    for (Key each : Key.values()) {
      if (each.scope() != Key.Scope.RULE) {
        known.append(known.length() == 0 ? "" : ", ").append(each.text());
      }
    }
    return new BadOption(
        entry.key
            + "="
            + entry.value
            + " ("
            + entry.origin
            + ") is unknown; did you mean "
            + nearest
            + "? Known are "
            + known);
  }

  private static String nearest(String wrong, boolean inRule) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (Key key : Key.values()) {
      String text = inRule ? key.text().replace("rule.NAME.", "") : key.text();
      boolean candidate =
          inRule
              ? key.scope() == Key.Scope.POLICY || key.scope() == Key.Scope.RULE
              : key.scope() != Key.Scope.RULE;
      int distance = distance(wrong, text);
      if (candidate && distance < least) {
        least = distance;
        best = text;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  static int distance(String a, String b) {
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
