package io.hbagent.config;

import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Rule;
import io.hbagent.keepalive.Rules;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts the layers together: agent arguments over environment over file over defaults.
 *
 * <p>On the start path: no lambda, stream, regular expression or format.
 */
public final class SettingsReader {

  private final SettingValues values = new SettingValues();
  private final StringBuilder sources = new StringBuilder();

  /** Only where there are rules: it is a class more to load at the start. */
  private RuleReader rules;

  private boolean enabledByFile;

  private SettingsReader() {}

  /**
   * Reads all layers.
   *
   * @param arguments the text after {@code -javaagent:hb-agent.jar=}, or null
   * @param environment the value of HB_AGENT_OPTIONS, or null
   * @param besideJar the file to read when no {@code config=} names one, if it is there; or null
   * @throws BadOption when any of it cannot be used; then nothing of it may be
   */
  public static Settings read(String arguments, String environment, File besideJar)
      throws BadOption {
    Map<String, Entry> fromArguments = OptionText.parse(arguments, "agent arguments");
    Map<String, Entry> fromEnvironment = OptionText.parse(environment, "HB_AGENT_OPTIONS");
    Entry named = first(Key.CONFIG, fromArguments, fromEnvironment);
    if (named == null && besideJar != null && besideJar.isDirectory()) {
      named = new Entry(Key.CONFIG.text, besideJar.getPath(), "beside the jar");
    }
    File config = named == null ? besideJar : new File(named.value).getAbsoluteFile();
    boolean isFile = config != null && config.isFile();
    if (named != null && !isFile) {
      throw named.error(
          (config.exists() ? "is no regular file" : "does not exist, or may not be seen")
              + "; give the path of one");
    }
    SettingsReader reader = new SettingsReader();
    if (isFile) {
      reader.take(PropertiesFile.read(config), config.getPath(), Key.Scope.FILE);
    }
    reader.take(fromEnvironment, "HB_AGENT_OPTIONS", Key.Scope.ARGUMENTS);
    reader.take(fromArguments, "agent arguments", Key.Scope.ARGUMENTS);
    return reader.finish(config, isFile);
  }

  /**
   * Returns whether {@code strict=true} was asked for, as far as can be told from options that may
   * be bad.
   */
  public static boolean isStrict(String arguments, String environment, File besideJar) {
    try {
      Map<String, Entry> fromArguments = OptionText.parse(arguments, "");
      Map<String, Entry> fromEnvironment = OptionText.parse(environment, "");
      Entry strict = first(Key.STRICT, fromArguments, fromEnvironment);
      Entry named = first(Key.CONFIG, fromArguments, fromEnvironment);
      File file = named == null ? besideJar : new File(named.value);
      if (strict == null && file != null && file.isFile()) {
        strict = PropertiesFile.read(file).get(Key.STRICT.text);
      }
      return strict != null && strict.value.equals("true");
    } catch (BadOption e) {
      String both = arguments + " " + environment;
      return both.contains("strict=true");
    }
  }

  private static Entry first(Key key, Map<String, Entry> arguments, Map<String, Entry> others) {
    Entry found = arguments.get(key.text);
    return found == null ? others.get(key.text) : found;
  }

  private void take(Map<String, Entry> entries, String source, Key.Scope layer) throws BadOption {
    for (Entry entry : entries.values()) {
      take(entry, layer);
    }
    if (!entries.isEmpty()) {
      sources.append(sources.length() == 0 ? "" : ", ").append(source);
    }
  }

  private void take(Entry entry, Key.Scope layer) throws BadOption {
    boolean ofRule = entry.key.startsWith("rule.");
    Key key = Key.of(entry.key);
    if (key == null && !ofRule) {
      throw BadOption.unknownKey(entry, "");
    }
    Key.Scope scope = ofRule ? Key.Scope.FILE : key.scope;
    if (scope != layer && scope != Key.Scope.POLICY && scope != Key.Scope.GLOBAL) {
      boolean inFile = layer == Key.Scope.FILE;
      String place = inFile ? "the agent arguments" : "a properties file (config=FILE)";
      throw entry.error("is not allowed here; put it into " + place);
    }
    if (scope == Key.Scope.FILE) {
      if (rules == null) {
        rules = new RuleReader();
      }
      rules.add(entry);
    } else if (key != Key.CONFIG) {
      values.set(key, entry);
    }
    if (key == Key.ENABLED) {
      enabledByFile = layer == Key.Scope.FILE;
    }
  }

  private Settings finish(File config, boolean configRead) throws BadOption {
    if (configRead) {
      values.set(Key.CONFIG, config.getPath());
    }
    Policy general = values.policy();
    List<Rule> list = rules == null ? new ArrayList<Rule>() : rules.finish(values);
    String source = sources.length() == 0 ? "defaults" : sources.toString();
    List<String> warnings = new ArrayList<>();
    warn(warnings, "", general);
    for (Rule rule : list) {
      if (!rule.policy.equals(general)) {
        warn(warnings, "rule." + rule.name + ".", rule.policy);
      }
    }
    Rules all = new Rules(general, list);
    return new Settings(values, all, enabledByFile, config, configRead, source, warnings);
  }

  private static void warn(List<String> warnings, String prefix, Policy policy) {
    if (policy.userTimeout() > 0) {
      String setting = prefix + "user-timeout=" + ValueType.duration(policy.userTimeout());
      warnings.add(
          setting
              + " also ends connections to a living peer that does not read for that long, and"
              + " decides instead of cnt when a peer is dead");
    }
  }
}
