package io.hbagent.cli;

/** Commands that a user copies into a shell. */
final class ShellQuoting {

  private ShellQuoting() {}

  /** One word of a command, quoted when a shell would read it as anything else. */
  static String word(String text) {
    return text.matches("[A-Za-z0-9_@%+=:,./-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  /** The arguments of a command, each as {@link #word}; empty ones are left out. */
  static String words(String... texts) {
    StringBuilder out = new StringBuilder();
    for (String text : texts) {
      if (!text.isEmpty()) {
        out.append(out.length() == 0 ? "" : " ").append(word(text));
      }
    }
    return out.toString();
  }
}
