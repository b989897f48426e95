package io.hbagent.config;

import io.hbagent.keepalive.Conflict;
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

  private static final String[] LEVELS = {"debug", "info", "warn", "error", "off"};

  private static final int STANDARD_BACKUPS = 5;
  private static final int MAX_BACKUPS = 100;

  private final PolicyDraft policy = new PolicyDraft();
  private final List<String> sources = new ArrayList<>();

  /** Only where there are rules: it is a class more to load at the start. */
  private RuleReader ruleReader;

  Conflict conflict = Conflict.ENFORCE;
  boolean enabled = true;
  boolean enabledByFile;
  boolean help;
  boolean strict;
  File config;
  boolean configRead;
  String log = "stderr";
  String logLevel = "info";
  long logMaxSize;
  int logBackups = STANDARD_BACKUPS;

  final WatchDraft watch = new WatchDraft();

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
    SettingsReader reader = new SettingsReader();
    reader.readFile(configFile(fromArguments, fromEnvironment), besideJar);
    reader.take(fromEnvironment, "HB_AGENT_OPTIONS", Key.Scope.ARGUMENTS);
    reader.take(fromArguments, "agent arguments", Key.Scope.ARGUMENTS);
    return reader.finish();
  }

  /**
   * Returns whether {@code strict=true} was asked for, as far as can be told from options that may
   * be bad.
   */
  public static boolean isStrict(String arguments, String environment, File besideJar) {
    boolean strict = false;
    try {
      Map<String, Entry> fromArguments = OptionText.parse(arguments, "");
      Map<String, Entry> fromEnvironment = OptionText.parse(environment, "");
      Entry named = configFile(fromArguments, fromEnvironment);
      File file = named == null ? besideJar : new File(named.value);
      if (file != null && file.isFile()) {
        strict = strict(PropertiesFile.read(file), strict);
      }
      strict = strict(fromArguments, strict(fromEnvironment, strict));
    } catch (BadOption e) {
      return contains(arguments) || contains(environment);
    }
    return strict;
  }

  private static boolean strict(Map<String, Entry> entries, boolean otherwise) {
    Entry strict = entries.get(Key.STRICT.text());
    return strict == null ? otherwise : strict.value.equals("true");
  }

  private static boolean contains(String text) {
    return text != null && text.contains("strict=true");
  }

  private static Entry configFile(Map<String, Entry> arguments, Map<String, Entry> environment) {
    Entry found = arguments.get(Key.CONFIG.text());
    return found == null ? environment.get(Key.CONFIG.text()) : found;
  }

  private void readFile(Entry named, File besideJar) throws BadOption {
    config = named == null ? besideJar : new File(named.value).getAbsoluteFile();
    if (config == null || (named == null && !config.isFile())) {
      return;
    }
    if (!config.isFile()) {
      throw new BadOption(
          named
              + (config.exists() ? " is no regular file" : " does not exist, or may not be seen")
              + "; give the path of one");
    }
    configRead = true;
    take(PropertiesFile.read(config), config.getPath(), Key.Scope.FILE);
  }

  private void take(Map<String, Entry> entries, String source, Key.Scope layer) throws BadOption {
    for (Entry entry : entries.values()) {
      if (layer == Key.Scope.FILE && entry.key.startsWith("rule.")) {
        ruleReader().add(entry);
        continue;
      }
      Key key = Key.of(entry.key);
      if (key == null) {
        throw entry.key.startsWith("rule.") ? misplaced(entry, layer) : Unknown.key(entry);
      }
      boolean anywhere = key.scope() == Key.Scope.POLICY || key.scope() == Key.Scope.GLOBAL;
      if (!anywhere && key.scope() != layer) {
        throw misplaced(entry, layer);
      }
      set(key, entry);
      if (key == Key.ENABLED) {
        enabledByFile = layer == Key.Scope.FILE;
      }
    }
    if (!entries.isEmpty()) {
      sources.add(source);
    }
  }

  private RuleReader ruleReader() {
    if (ruleReader == null) {
      ruleReader = new RuleReader();
    }
    return ruleReader;
  }

  private static BadOption misplaced(Entry entry, Key.Scope layer) {
    return new BadOption(
        entry
            + " cannot stand here; put it into "
            + (layer == Key.Scope.FILE
                ? "the agent arguments"
                : "a properties file (config=FILE)"));
  }

  private void set(Key key, Entry entry) throws BadOption {
    if (key.scope() == Key.Scope.POLICY) {
      policy.set(key, entry);
    } else if (key == Key.CONFLICT) {
      conflict = conflict(entry);
    } else if (key == Key.ENABLED) {
      enabled = Values.either(entry, "true", "false", key);
    } else if (key == Key.STRICT) {
      strict = Values.either(entry, "true", "false", key);
    } else if (key == Key.HELP) {
      help = Values.either(entry, "true", "false", key);
    } else if (key == Key.LOG) {
      log = nonEmpty(entry, key);
    } else if (key == Key.LOG_LEVEL) {
      logLevel = level(entry);
    } else if (key == Key.LOG_MAX_SIZE) {
      logMaxSize = entry.value.equals("off") ? 0 : Values.bytes(entry, key);
    } else if (key == Key.LOG_BACKUPS) {
      logBackups = Values.number(entry, 1, MAX_BACKUPS, key);
    } else if (key == Key.RULES) {
      ruleReader().order(entry);
    } else {
      watch.set(key, entry);
    }
  }

  private static Conflict conflict(Entry entry) throws BadOption {
    Conflict conflict = Conflict.of(entry.value);
    if (conflict == null) {
      throw entry.bad(Key.CONFLICT.allowed());
    }
    return conflict;
  }

  private static String nonEmpty(Entry entry, Key key) throws BadOption {
    if (entry.value.isEmpty()) {
      throw entry.bad(key.allowed());
    }
    return entry.value;
  }

  private static String level(Entry entry) throws BadOption {
    for (String level : LEVELS) {
      if (level.equals(entry.value)) {
        return level;
      }
    }
    throw entry.bad(Key.LOG_LEVEL.allowed());
  }

  private Settings finish() throws BadOption {
    Policy general = policy.finish();
    List<Rule> list = ruleReader == null ? new ArrayList<Rule>() : ruleReader.finish(policy);
    Rules rules = new Rules(general, list);
    return new Settings(this, rules, source(), text(), warnings(rules));
  }

  private String source() {
    if (sources.isEmpty()) {
      return "defaults";
    }
    StringBuilder out = new StringBuilder(sources.get(0));
    for (int i = 1; i < sources.size(); i++) {
      out.append(", ").append(sources.get(i));
    }
    return out.toString();
  }

  private String text() {
    StringBuilder out = new StringBuilder();
    policy.print(out);
    out.append(",conflict=").append(conflict).append(",enabled=").append(enabled);
    if (configRead) {
      out.append(",config=").append(OptionText.quote(config.getPath()));
    }
    out.append(",log=").append(OptionText.quote(log)).append(",log-level=").append(logLevel);
    if (logMaxSize > 0) {
      out.append(",log-max-size=").append(Values.size(logMaxSize));
    }
    if (logBackups != STANDARD_BACKUPS) {
      out.append(",log-backups=").append(logBackups);
    }
    watch.print(out);
    return out.append(",strict=").append(strict).toString();
  }

  private static List<String> warnings(Rules rules) {
    List<String> warnings = new ArrayList<>();
    warn(warnings, "", rules.otherwise());
    for (Rule rule : rules.list()) {
      if (!rule.policy().equals(rules.otherwise())) {
        warn(warnings, "rule." + rule.name() + ".", rule.policy());
      }
    }
    return warnings;
  }

  private static void warn(List<String> warnings, String prefix, Policy policy) {
    if (policy.userTimeout() > 0) {
      warnings.add(
          prefix
              + "user-timeout="
              + Values.duration(policy.userTimeout())
              + " also ends connections to a living peer that does not read for that long, and"
              + " decides instead of cnt when a peer is dead");
    }
  }
}
