package io.hbagent.config;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.Rules;
import java.io.File;
import java.util.Collections;
import java.util.List;

/** Everything the user has chosen. Immutable. */
public final class Settings {

  /** With the watchdog, when nothing else is said. */
  private static final int STANDARD_SWEEP_MILLIS = 5_000;

  private final Rules rules;
  private final Conflict conflict;
  private final boolean enabled;
  private final boolean enabledByFile;
  private final boolean help;
  private final File config;
  private final boolean configRead;
  private final String log;
  private final String logLevel;
  private final long logMaxSize;
  private final int logBackups;
  private final boolean watchdog;
  private final int watchInterval;
  private final int sweep;
  private final int halfClosedAfter;
  private final boolean origin;
  private final String source;
  private final String text;
  private final List<String> warnings;

  Settings(SettingsReader from, Rules rules, String source, String text, List<String> warnings) {
    this.rules = rules;
    this.conflict = from.conflict;
    this.enabled = from.enabled;
    this.enabledByFile = from.enabledByFile;
    this.help = from.help;
    this.config = from.config;
    this.configRead = from.configRead;
    this.log = from.log;
    this.logLevel = from.logLevel;
    this.logMaxSize = from.logMaxSize;
    this.logBackups = from.logBackups;
    this.watchdog = from.watch.watchdog;
    this.watchInterval = from.watch.interval;
    this.sweep = from.watch.sweep;
    this.halfClosedAfter = from.watch.halfClosedAfter;
    this.origin = from.watch.origin;
    this.source = source;
    this.text = text;
    this.warnings = Collections.unmodifiableList(warnings);
  }

  /** The policy and the rules; {@link Rules#OFF} when the agent is not enabled. */
  public Rules rules() {
    return enabled ? rules : Rules.OFF;
  }

  /** Returns the policy for options that the application sets itself. */
  public Conflict conflict() {
    return conflict;
  }

  /** False: the agent does nothing at all. */
  public boolean enabled() {
    return enabled;
  }

  /**
   * Returns whether the agent shall do nothing for as long as the JVM lives: it is not enabled, and
   * no properties file that could be changed says so.
   */
  public boolean inert() {
    return !enabled && !enabledByFile;
  }

  /** Returns whether the table of options was asked for. */
  public boolean help() {
    return help;
  }

  /** The properties file to watch, whether it is there or not; null when there is none to be. */
  public File config() {
    return config;
  }

  /** Returns whether {@link #config} was there and read. */
  public boolean configRead() {
    return configRead;
  }

  /** {@code stderr} or a file. */
  public String log() {
    return log;
  }

  /** debug, info, warn, error or off. */
  public String logLevel() {
    return logLevel;
  }

  /** Returns the size in bytes above which the log file is rolled; 0: it is not. */
  public long logMaxSize() {
    return logMaxSize;
  }

  /** Returns the number of rolled log files that are kept. */
  public int logBackups() {
    return logBackups;
  }

  /** Returns whether these settings have the same log as others. */
  public boolean logsLike(Settings other) {
    return log.equals(other.log)
        && logLevel.equals(other.logLevel)
        && logMaxSize == other.logMaxSize
        && logBackups == other.logBackups;
  }

  /** Returns whether half-open connections are looked for and logged. */
  public boolean watchdog() {
    return enabled && watchdog;
  }

  /** The interval of the watchdog in milliseconds, or 0 for the standard one. */
  public int watchInterval() {
    return watchInterval;
  }

  /**
   * The interval in milliseconds at which connections no hook has seen are looked for and given
   * options; 0: never.
   */
  public int sweep() {
    if (!enabled) {
      return 0;
    }
    if (sweep == WatchDraft.STANDARD_SWEEP) {
      return watchdog ? STANDARD_SWEEP_MILLIS : 0;
    }
    return sweep;
  }

  /** When a half-closed connection is reported, in milliseconds. */
  public int halfClosedAfter() {
    return halfClosedAfter;
  }

  /** Returns whether the code that opens a connection is noted. */
  public boolean origin() {
    return origin;
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
    return text.equals(other.text) && rules.toString().equals(other.rules.toString());
  }

  /** All settings but the rules as option text, which reads back as the same settings. */
  @Override
  public String toString() {
    return text;
  }
}
