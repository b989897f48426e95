package io.hbagent.config;

import static io.hbagent.text.Printable.brief;

import io.hbagent.keepalive.AddressPattern;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads the rules: the keys {@code rules} and {@code rule.NAME.KEY}. */
final class RuleReader {

  /** Well below what {@link io.hbagent.keepalive.ConnectionTable} can hold in an entry. */
  private static final int MAX_RULES = 1_000;

  private static final int MAX_ADDRESSES = 1_000;
  private static final String COMPARED = ", because each connection is compared with them";

  private Entry order;
  private int addresses;
  private final Map<String, List<Entry>> byName = new LinkedHashMap<>();

  /** Takes the value of {@code rules}, or of a key that begins with {@code rule.}. */
  void add(Entry entry) throws BadOption {
    if (entry.key.equals(Key.RULES.text)) {
      order = entry;
      return;
    }
    int dot = entry.key.indexOf('.', 5);
    if (dot < 0 || dot == 5) {
      throw entry.error(
          "has no rule name and key; allowed is rule.NAME.remote, local, role or a policy key");
    }
    String name = entry.key.substring(5, dot);
    List<Entry> entries = byName.get(name);
    if (entries == null) {
      entries = new ArrayList<>();
      byName.put(name, entries);
    }
    entries.add(entry);
  }

  /**
   * Returns the rules in their order.
   *
   * @param general the values a rule begins with
   */
  List<Rule> finish(SettingValues general) throws BadOption {
    List<Rule> rules = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String name : order == null ? new ArrayList<String>() : list(order.value)) {
      if (!seen.add(name)) {
        throw order.bad("each rule once, and " + brief(name) + " is given twice");
      }
      if (seen.size() > MAX_RULES) {
        throw order.bad("at most " + MAX_RULES + " rules" + COMPARED);
      }
      List<Entry> entries = byName.remove(name);
      if (entries == null) {
        String missing = "rule." + brief(name) + ".*";
        throw order.bad("names of rules that have keys of their own, and there is no " + missing);
      }
      rules.add(rule(name, entries, general));
    }
    for (Map.Entry<String, List<Entry>> left : byName.entrySet()) {
      String name = brief(left.getKey());
      throw left.getValue().get(0).error("belongs to no rule in force; add " + name + " to rules=");
    }
    return rules;
  }

  private Rule rule(String name, List<Entry> entries, SettingValues general) throws BadOption {
    String prefix = "rule." + name + ".";
    SettingValues values = new SettingValues(general);
    List<AddressPattern> remote = new ArrayList<>();
    List<AddressPattern> local = new ArrayList<>();
    Role role = null;
    for (Entry entry : entries) {
      String text = entry.key.substring(prefix.length());
      Key key = Key.of(text);
      if (text.equals("remote")) {
        patterns(entry, remote);
      } else if (text.equals("local")) {
        patterns(entry, local);
      } else if (text.equals("role")) {
        role = Key.RULE_ROLE.type.read(entry).equals("client") ? Role.CLIENT : Role.SERVER;
      } else if (key != null && key.scope == Key.Scope.POLICY) {
        values.set(key, entry);
      } else {
        throw BadOption.unknownKey(entry, prefix);
      }
    }
    if (remote.isEmpty() && local.isEmpty() && role == null) {
      String condition = "rule." + brief(name) + ".remote, local or role";
      throw entries
          .get(0)
          .error(
              "stands in a rule for every connection; give "
                  + condition
                  + ", or leave the rule out");
    }
    return new Rule(name, remote, local, role, values.policy());
  }

  private void patterns(Entry entry, List<AddressPattern> patterns) throws BadOption {
    String allowed = Key.RULE_REMOTE.type.phrase;
    for (String text : list(entry.value)) {
      if (++addresses > MAX_ADDRESSES) {
        String most = "at most " + MAX_ADDRESSES + " addresses in all rules" + COMPARED;
        throw entry.bad(most + "; give prefixes, as in 10.20.0.0/16");
      }
      try {
        patterns.add(AddressPattern.parse(text));
      } catch (IllegalArgumentException e) {
        String reason = brief(text) + " " + brief(e.getMessage());
        throw entry.error("is not allowed, because in " + reason + "; allowed is " + allowed);
      }
    }
    if (patterns.isEmpty()) {
      throw entry.bad(allowed);
    }
  }

  /** Returns the words of a list, which are separated by commas. */
  private static List<String> list(String value) {
    List<String> words = new ArrayList<>();
    int from = 0;
    while (from <= value.length()) {
      int comma = value.indexOf(',', from);
      int to = comma < 0 ? value.length() : comma;
      String word = value.substring(from, to).trim();
      if (!word.isEmpty()) {
        words.add(word);
      }
      from = to + 1;
    }
    return words;
  }
}
