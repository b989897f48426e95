package io.hbagent.config;

import io.hbagent.text.Printable;

/** Errors about keys that do not exist, with the nearest one that does. */
final class Unknown {

  private Unknown() {}

  static BadOption key(Entry entry) {
    return error(entry, nearest(entry.key, false), "Known are " + known(false));
  }

  static BadOption ruleKey(Entry entry, String key) {
    String prefix = entry.key.substring(0, entry.key.length() - key.length());
    return error(
        entry, Printable.brief(prefix) + nearest(key, true), "Known in a rule are " + known(true));
  }

  private static String known(boolean inRule) {
    StringBuilder known = new StringBuilder();
    for (Key each : Key.values()) {
      if (inRule ? isRuleKey(each) : each.scope() != Key.Scope.RULE) {
        known.append(known.length() == 0 ? "" : ", ").append(inRuleText(each));
      }
    }
    return known.toString();
  }

  /** {@code rule.NAME.KEY} stands for the policy keys, which are in the table themselves. */
  private static boolean isRuleKey(Key key) {
    return key.scope() == Key.Scope.POLICY
        || (key.scope() == Key.Scope.RULE && key != Key.RULE_POLICY);
  }

  private static String inRuleText(Key key) {
    return key.text().replace("rule.NAME.", "");
  }

  private static BadOption error(Entry entry, String nearest, String known) {
    return new BadOption(entry + " is unknown; did you mean " + nearest + "? " + known);
  }

  private static String nearest(String wrong, boolean inRule) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (Key key : Key.values()) {
      String text = inRuleText(key);
      boolean candidate = inRule ? isRuleKey(key) : key.scope() != Key.Scope.RULE;
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
