package io.hbagent.config;

/** The table of options, as text for a terminal and as Markdown for the README. */
public final class Help {

  private static final int WIDTH = 78;

  /** The margin of the second column. */
  private static final String BLANKS = "                    ";

  private Help() {}

  /** Returns it for a terminal of 80 columns. */
  public static String text() {
    StringBuilder out = new StringBuilder(4096);
    out.append("hb-agent options: -javaagent:hb-agent.jar=KEY=VALUE,KEY=VALUE…\n");
    for (Key key : Key.values()) {
      String margin = "  " + key.text + BLANKS.substring(key.text.length() + 2);
      wrap(out, margin, key.help + place(key));
      wrap(out, BLANKS, key.type.phrase + "; default " + key.standard);
    }
    return out.toString();
  }

  /** Returns the restriction of a key to one source, to stand behind its help. */
  private static String place(Key key) {
    if (key.scope == Key.Scope.FILE || key.scope == Key.Scope.RULE) {
      return " (in the properties file only)";
    }
    return key.scope == Key.Scope.ARGUMENTS ? " (not in the properties file)" : "";
  }

  private static void wrap(StringBuilder out, String margin, String text) {
    int width = WIDTH - BLANKS.length();
    int from = 0;
    out.append(margin);
    while (text.length() - from > width) {
      int blank = text.lastIndexOf(' ', from + width);
      out.append(text, from, blank).append('\n').append(BLANKS);
      from = blank + 1;
    }
    out.append(text, from, text.length()).append('\n');
  }

  /** Returns it for the README. */
  public static String markdown() {
    StringBuilder out = new StringBuilder(4096);
    out.append("| option | default | allowed | what it does |\n|---|---|---|---|\n");
    for (Key key : Key.values()) {
      out.append("| `").append(key.text).append("` | ").append(key.standard).append(" | ");
      out.append(key.type.phrase).append(" | ").append(key.help).append(place(key));
      out.append(" |\n");
    }
    return out.toString().replace("intvl*cnt", "intvl\\*cnt").replace("*:6432", "\\*:6432");
  }
}
