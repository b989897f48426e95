package io.hbagent.config;

import io.hbagent.keepalive.AddressPattern;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rule;
import io.hbagent.text.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules while their keys, {@code rules} and {@code rule.NAME.KEY}, are being read. */
final class RuleReader {

  /** Well below what {@link io.hbagent.keepalive.ConnectionTable} can hold in an entry. */
  private static final int MAX_RULES = 1_000;

  private static final int MAX_ADDRESSES = 1_000;

  private Entry order;
  private int addresses;
  private final Map<String, List<Entry>> byName = new LinkedHashMap<>();

  /** Takes the value of {@code rules}. */
  void order(Entry entry) {
    order = entry;
  }

  /** Takes a key that begins with {@code rule.}. */
  void add(Entry entry) throws BadOption {
    int dot = entry.key.indexOf('.', 5);
    if (dot < 0 || dot == 5) {
      throw new BadOption(
          entry
              + " has no rule name and key; allowed is rule.NAME.remote, local, role or a policy key");
    }
    String name = entry.key.substring(5, dot);
    List<Entry> entries = byName.get(name);
    if (entries == null) {
      entries = new ArrayList<>();
      byName.put(name, entries);
    }
    entries.add(entry);
  }

  /** Returns the rules in their order. */
  List<Rule> finish(PolicyDraft general) throws BadOption {
    List<Rule> rules = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String name : names()) {
      if (!seen.add(name)) {
        throw order.bad("each rule once, and " + Printable.brief(name) + " is given twice");
      }
      if (seen.size() > MAX_RULES) {
        throw order.bad(
            "at most " + MAX_RULES + " rules, because each connection is compared with them");
      }
      List<Entry> entries = byName.remove(name);
      if (entries == null) {
        throw order.bad(
            "names of rules that have keys of their own, and there is no rule."
                + Printable.brief(name)
                + ".*");
      }
      rules.add(rule(name, entries, general));
    }
    for (Map.Entry<String, List<Entry>> left : byName.entrySet()) {
      Entry entry = left.getValue().get(0);
      throw new BadOption(
          entry
              + " belongs to no rule in force; add "
              + Printable.brief(left.getKey())
              + " to rules=");
    }
    return rules;
  }

  private List<String> names() {
    return order == null ? new ArrayList<String>() : list(order.value);
  }

  private Rule rule(String name, List<Entry> entries, PolicyDraft general) throws BadOption {
    PolicyDraft draft = new PolicyDraft(general);
    List<AddressPattern> remote = new ArrayList<>();
    List<AddressPattern> local = new ArrayList<>();
    Role role = null;
    for (Entry entry : entries) {
      String text = entry.key.substring(name.length() + 6);
      Key key = Key.of(text);
      if (text.equals("remote")) {
        patterns(entry, remote);
      } else if (text.equals("local")) {
        patterns(entry, local);
      } else if (text.equals("role")) {
        boolean client = Values.either(entry, "client", "server", Key.RULE_ROLE);
        role = client ? Role.CLIENT : Role.SERVER;
      } else if (key != null && key.scope() == Key.Scope.POLICY) {
        draft.set(key, entry);
      } else {
        throw Unknown.ruleKey(entry, text);
      }
    }
    if (remote.isEmpty() && local.isEmpty() && role == null) {
      Entry first = entries.get(0);
      throw new BadOption(
          first
              + " stands in a rule for every connection; give rule."
              + Printable.brief(name)
              + ".remote, local or role, or leave the rule out");
    }
    Policy policy = draft.finish();
    return new Rule(name, remote, local, role, policy);
  }

  private void patterns(Entry entry, List<AddressPattern> into) throws BadOption {
    for (String text : list(entry.value)) {
      if (++addresses > MAX_ADDRESSES) {
        throw entry.bad(
            "at most "
                + MAX_ADDRESSES
                + " addresses in all rules, because each connection is compared with them; give"
                + " prefixes, as in 10.20.0.0/16");
      }
      try {
        into.add(AddressPattern.parse(text));
      } catch (IllegalArgumentException e) {
        throw new BadOption(
            entry
                + " is not allowed, because in "
                + Printable.brief(text)
                + " "
                + Printable.brief(e.getMessage())
                + "; allowed is "
                + Key.RULE_REMOTE.allowed());
      }
    }
    if (into.isEmpty()) {
      throw entry.bad(Key.RULE_REMOTE.allowed());
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
