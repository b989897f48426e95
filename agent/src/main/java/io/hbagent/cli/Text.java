package io.hbagent.cli;

import io.hbagent.control.Report;
import io.hbagent.text.Printable;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Text for a terminal: values, amounts and entries of a report in words. */
final class Text {

  private static final Pattern NAME = Pattern.compile("\\{([a-z-]+)\\}");

  private Text() {}

  /** Returns a text as String.format does, with its values made printable. */
  static String format(String format, Object... values) {
    Object[] printable = Stream.of(values).map(each -> Printable.of("" + each)).toArray();
    return String.format(Locale.ROOT, format, printable);
  }

  /** Returns a text with the value of an entry in place of its name in braces. */
  static String fill(String template, Report.Entry entry) {
    Matcher name = NAME.matcher(template);
    StringBuffer out = new StringBuffer();
    while (name.find()) {
      name.appendReplacement(out, Matcher.quoteReplacement(entry.text(name.group(1))));
    }
    return name.appendTail(out).toString();
  }

  /** Returns an amount and its noun, in the plural unless it is one. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  static String seconds(long millis) {
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  /** Returns {@code idle=20s intvl=5s cnt=3}, the user timeout, and what they mean. */
  static String policy(Report.Entry entry) {
    if (!entry.text("keepalive").equals("on")) {
      return "keepalive off";
    }
    long userTimeout = entry.number("user-timeout-ms");
    return fill("idle={idle}s intvl={intvl}s cnt={cnt}", entry)
        + (userTimeout > 0 ? " user-timeout=" + seconds(userTimeout) : "")
        + (entry.text("user-timeout").isEmpty() ? "" : " user-timeout=adaptive")
        + fill(": a dead peer is found in {dead-after} s", entry);
  }

  /** Returns a word of a command, quoted when a shell would read it as anything else. */
  static String shellWord(String text) {
    return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** Returns the arguments of a command to copy into a shell; empty ones are left out. */
  static String shellWords(String... texts) {
    StringBuilder out = new StringBuilder();
    for (String text : texts) {
      if (!text.isEmpty()) {
        out.append(out.length() == 0 ? "" : " ").append(shellWord(text));
      }
    }
    return out.toString();
  }
}
