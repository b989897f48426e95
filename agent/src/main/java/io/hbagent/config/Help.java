package io.hbagent.config;

/** The table of options, as text for a terminal and as Markdown for the README. */
public final class Help {

  private static final int COLUMN = 18;

  private Help() {}

  /** For a terminal of 80 columns. */
  public static String text() {
    StringBuilder out = new StringBuilder(4096);
    out.append("hb-agent options: -javaagent:hb-agent.jar=KEY=VALUE,KEY=VALUE…\n");
    for (Key key : Key.values()) {
      out.append("  ").append(key.text());
      for (int i = key.text().length(); i < COLUMN; i++) {
        out.append(' ');
      }
      wrap(out, key.help());
      wrap(out.append(indent()), key.allowed() + "; default " + key.standard());
    }
    return out.toString();
  }

  private static String indent() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < COLUMN + 2; i++) {
      out.append(' ');
    }
    return out.toString();
  }

  private static void wrap(StringBuilder out, String text) {
    int width = 78 - COLUMN - 2;
    int from = 0;
    while (text.length() - from > width) {
      int blank = text.lastIndexOf(' ', from + width);
      out.append(text, from, blank).append('\n').append(indent());
      from = blank + 1;
    }
    out.append(text, from, text.length()).append('\n');
  }

  /** For the README. */
  public static String markdown() {
    StringBuilder out = new StringBuilder(4096);
    out.append("| option | default | allowed | what it does |\n|---|---|---|---|\n");
    for (Key key : Key.values()) {
      out.append("| `").append(key.text()).append("` | ").append(key.standard()).append(" | ");
      out.append(key.allowed()).append(" | ").append(key.help()).append(" |\n");
    }
    return out.toString().replace("intvl*cnt", "intvl\\*cnt").replace("*:6432", "\\*:6432");
  }
}
