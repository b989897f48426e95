package io.hbagent.config;

import java.io.File;

/** Option text made independent of the folder it was typed in. */
public final class OptionPaths {

  private OptionPaths() {}

  /**
   * Returns the same options, with the files in them named absolutely.
   *
   * @throws BadOption if the text cannot be parsed
   */
  public static String absolute(String options) throws BadOption {
    StringBuilder out = new StringBuilder();
    for (Entry entry : OptionText.parse(options, "agent arguments").values()) {
      boolean file =
          entry.key.equals(Key.CONFIG.text())
              || (entry.key.equals(Key.LOG.text()) && !entry.value.equals("stderr"));
      String value = file ? new File(entry.value).getAbsolutePath() : entry.value;
      out.append(out.length() == 0 ? "" : ",").append(entry.key).append('=');
      out.append(OptionText.quote(value));
    }
    return out.toString();
  }
}
