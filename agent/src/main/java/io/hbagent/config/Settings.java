package io.hbagent.config;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.Rules;
import java.io.File;
import java.util.List;

/** Everything the user has chosen. Immutable. */
public final class Settings {

  /** With the watchdog, when nothing else is said. */
  private static final int STANDARD_SWEEP_MILLIS = 5_000;

  private final SettingValues values;
  private final Rules rules;
  private final boolean enabledByFile;
  private final File config;
  private final boolean configRead;
  private final String source;
  private final List<String> warnings;

  Settings(
      SettingValues values,
      Rules rules,
      boolean enabledByFile,
      File config,
      boolean configRead,
      String source,
      List<String> warnings) {
    this.values = values;
    this.rules = rules;
    this.enabledByFile = enabledByFile;
    this.config = config;
    this.configRead = configRead;
    this.source = source;
    this.warnings = warnings;
  }

  /** Returns the policy and the rules; {@link Rules#OFF} when the agent is not enabled. */
  public Rules rules() {
    return enabled() ? rules : Rules.OFF;
  }

  /** Returns the policy for options that the application sets itself. */
  public Conflict conflict() {
    return Conflict.of(values.get(Key.CONFLICT));
  }

  /** Returns false if the agent does nothing at all. */
  public boolean enabled() {
    return values.is(Key.ENABLED, "true");
  }

  /**
   * Returns whether the agent shall do nothing for as long as the JVM lives: it is not enabled, and
   * no properties file that could be changed says so.
   */
  public boolean inert() {
    return !enabled() && !enabledByFile;
  }

  /** Returns whether the table of options was asked for. */
  public boolean help() {
    return values.is(Key.HELP, "true");
  }

  /** Returns the properties file to watch, whether it is there or not; null for none. */
  public File config() {
    return config;
  }

  /** Returns whether {@link #config} was there and read. */
  public boolean configRead() {
    return configRead;
  }

  /** Returns {@code stderr} or a file. */
  public String log() {
    return values.get(Key.LOG);
  }

  /** Returns debug, info, warn, error or off. */
  public String logLevel() {
    return values.get(Key.LOG_LEVEL);
  }

  /** Returns the size in bytes above which the log file is rolled; 0: it is not. */
  public long logMaxSize() {
    return Math.max(0, ValueType.bytes(values.get(Key.LOG_MAX_SIZE)));
  }

  /** Returns the number of rolled log files that are kept. */
  public int logBackups() {
    return Integer.parseInt(values.get(Key.LOG_BACKUPS));
  }

  /** Returns whether these settings have the same log as others. */
  public boolean logsLike(Settings other) {
    return log().equals(other.log())
        && logLevel().equals(other.logLevel())
        && logMaxSize() == other.logMaxSize()
        && logBackups() == other.logBackups();
  }

  /** Returns whether half-open connections are looked for and logged. */
  public boolean watchdog() {
    return enabled() && !values.is(Key.WATCHDOG, "false");
  }

  /** Returns the interval of the watchdog in milliseconds, or 0 for the standard one. */
  public int watchInterval() {
    return Math.max(0, values.millis(Key.WATCHDOG));
  }

  /**
   * Returns the interval in milliseconds at which connections no hook has seen are looked for and
   * given options; 0: never.
   */
  public int sweep() {
    if (values.isStandard(Key.SWEEP)) {
      return watchdog() ? STANDARD_SWEEP_MILLIS : 0;
    }
    return enabled() ? Math.max(0, values.millis(Key.SWEEP)) : 0;
  }

  /** Returns the milliseconds after which a half-closed connection is reported. */
  public int halfClosedAfter() {
    return values.millis(Key.HALF_CLOSED_AFTER);
  }

  /** Returns whether the code that opens a connection is noted. */
  public boolean origin() {
    return values.is(Key.ORIGIN, "true");
  }

  /** Returns the sources of the settings, in words. */
  public String source() {
    return source;
  }

  /** Returns warnings about settings that are allowed. */
  public List<String> warnings() {
    return warnings;
  }

  /** Returns whether these settings have the same effect as others. */
  public boolean isSameAs(Settings other) {
    return toString().equals(other.toString()) && rules.toString().equals(other.rules.toString());
  }

  /** Returns all but the rules as option text, which reads back as the same settings. */
  @Override
  public String toString() {
    return values.toString();
  }
}
