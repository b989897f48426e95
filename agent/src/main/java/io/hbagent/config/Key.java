package io.hbagent.config;

/**
 * Every option, in the order the user is shown them: the one table from which parsing, error texts,
 * {@code help}, printing and the README's table come.
 */
public enum Key {
  /** TCP_KEEPIDLE. */
  IDLE(
      "idle",
      "20s",
      "1s to 32767s, as 20, 20s or 2m",
      Scope.POLICY,
      "silence after which the first probe is sent (TCP_KEEPIDLE)"),

  /** TCP_KEEPINTVL. */
  INTVL(
      "intvl",
      "5s",
      "1s to 32767s, as 5, 5s or 1m",
      Scope.POLICY,
      "time between two probes that are not answered (TCP_KEEPINTVL)"),

  /** TCP_KEEPCNT. */
  CNT(
      "cnt",
      "3",
      "1 to 127",
      Scope.POLICY,
      "unanswered probes after which the kernel gives the connection up (TCP_KEEPCNT)"),

  /** SO_KEEPALIVE. */
  KEEPALIVE(
      "keepalive",
      "on",
      "on or off",
      Scope.POLICY,
      "off: leave connections as the application has them"),

  /** TCP_USER_TIMEOUT. */
  USER_TIMEOUT(
      "user-timeout",
      "off",
      "off, derived (idle + intvl*cnt), adaptive or 1s to 32767s",
      Scope.POLICY,
      "give up data that stays unacknowledged this long (TCP_USER_TIMEOUT); it also ends"
          + " connections to a living peer that does not read, except adaptive, which is derived"
          + " and set only while data is sent again and again"),

  /** Looks for half-open connections. */
  WATCHDOG(
      "watchdog",
      "false",
      "true, false, or the interval, 100ms to 1h; true: half of intvl, at least 500ms",
      Scope.GLOBAL,
      "look at every connection at an interval, and log those that become half-open, recover, die"
          + " or stay half-closed"),

  /** Looks for connections no hook has seen. */
  SWEEP(
      "sweep",
      "5s with watchdog, else off",
      "off, or the interval, 500ms to 1h",
      Scope.GLOBAL,
      "look at the process's open sockets at an interval, and give options to connections no hook"
          + " has seen, as native libraries open them"),

  /** When a half-closed connection is reported. */
  HALF_CLOSED_AFTER(
      "half-closed-after",
      "60s",
      "1s to 24h",
      Scope.GLOBAL,
      "report a connection whose peer closed it this long ago and which the application has not"
          + " closed"),

  /** Notes the code that opens connections. */
  ORIGIN(
      "origin",
      "false",
      "true or false",
      Scope.GLOBAL,
      "with watchdog: note the first frame outside the JDK and known pools that opens a connection,"
          + " at some 20 microseconds each"),

  /** The policy for options that the application sets itself. */
  CONFLICT(
      "conflict",
      "enforce",
      "enforce, respect or tighten",
      Scope.GLOBAL,
      "when the application sets keepalive options itself: enforce the policy, respect its choice,"
          + " or tighten: whichever of the two finds a dead peer sooner"),

  /** The master switch. */
  ENABLED("enabled", "true", "true or false", Scope.GLOBAL, "false: the agent does nothing at all"),

  /** The properties file. */
  CONFIG(
      "config",
      "hb-agent.properties beside the jar, if it is there",
      "a file",
      Scope.ARGUMENTS,
      "properties file with the same keys, and rules; watched for changes"),

  /** The destination of log lines. */
  LOG("log", "stderr", "stderr or a file", Scope.GLOBAL, "where log lines go"),

  /** The least level that is logged. */
  LOG_LEVEL(
      "log-level",
      "info",
      "debug, info, warn, error or off",
      Scope.GLOBAL,
      "the least level that is logged"),

  /** The size above which the log file is rolled. */
  LOG_MAX_SIZE(
      "log-max-size",
      "off",
      "off, or 10k to 100g, as 500k, 10m or 1g",
      Scope.GLOBAL,
      "roll the log file before it grows beyond this size: FILE is renamed to FILE.1, FILE.1 to"
          + " FILE.2 and so on"),

  /** The number of rolled log files that are kept. */
  LOG_BACKUPS(
      "log-backups",
      "5",
      "1 to 100",
      Scope.GLOBAL,
      "with log-max-size: the number of rolled files that are kept"),

  /** The refusal of bad options. */
  STRICT(
      "strict",
      "false",
      "true or false",
      Scope.GLOBAL,
      "true: refuse to start on bad options, instead of running the application without keepalive"),

  /** Prints the table. */
  HELP("help", "false", "true or false", Scope.ARGUMENTS, "print this table and do nothing else"),

  /** The order of the rules. */
  RULES(
      "rules",
      "none",
      "names, as in: db, health",
      Scope.FILE,
      "rules per destination in their order; the first that matches holds"),

  /** Condition on the remote end. */
  RULE_REMOTE(
      "rule.NAME.remote",
      "any",
      "address[/prefix][:port], as 10.20.0.0/16:5432, [2001:db8::]/32 or *:6432",
      Scope.RULE,
      "remote ends the rule is for"),

  /** Condition on the local end. */
  RULE_LOCAL(
      "rule.NAME.local",
      "any",
      "address[/prefix][:port], as :8080",
      Scope.RULE,
      "local ends the rule is for, known on accepted and on bound connections"),

  /** Condition on the role. */
  RULE_ROLE(
      "rule.NAME.role",
      "both",
      "client or server",
      Scope.RULE,
      "the side of the connection this process is on"),

  /** A policy key for the rule's connections. */
  RULE_POLICY(
      "rule.NAME.KEY",
      "as without the rule",
      "any of idle, intvl, cnt, keepalive, user-timeout",
      Scope.RULE,
      "the policy of the connections the rule is for");

  /** The sources in which a key may be given. */
  enum Scope {
    /** Everywhere, and in a rule. */
    POLICY,
    /** Everywhere, not in a rule. */
    GLOBAL,
    /** In the agent's arguments and the environment. */
    ARGUMENTS,
    /** In the properties file. */
    FILE,
    /** In the properties file, with the name of a rule. */
    RULE
  }

  private final String text;
  private final String standard;
  private final String allowed;
  private final Scope scope;
  private final String help;

  Key(String text, String standard, String allowed, Scope scope, String help) {
    this.text = text;
    this.standard = standard;
    this.allowed = allowed;
    this.scope = scope;
    this.help = help;
  }

  /** Returns it as the user writes it. */
  public String text() {
    return text;
  }

  /** Returns the default, in a phrase. */
  public String standard() {
    return standard;
  }

  /** Returns the allowed values, in a phrase. */
  public String allowed() {
    return allowed;
  }

  /** Returns its effect, in a phrase. */
  public String help() {
    return help;
  }

  Scope scope() {
    return scope;
  }

  /** The key of this text; null when there is none. Keys of rules have none of their own. */
  static Key of(String text) {
    for (Key key : values()) {
      if (key.text.equals(text) && key.scope != Scope.RULE) {
        return key;
      }
    }
    return null;
  }
}
