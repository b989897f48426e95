package io.hbagent.config;

/**
 * Every option, in the order the user is shown them: the one table from which parsing, error texts,
 * {@code help} and the README's table come; {@link SettingValues} has the order of printing.
 */
public enum Key {
  IDLE(
      "idle",
      "20s",
      ValueType.seconds("1s to 32767s, as 20, 20s or 2m"),
      Scope.POLICY,
      "silence after which the first probe is sent (TCP_KEEPIDLE)"),

  INTVL(
      "intvl",
      "5s",
      ValueType.seconds("1s to 32767s, as 5, 5s or 1m"),
      Scope.POLICY,
      "time between two probes that are not answered (TCP_KEEPINTVL)"),

  CNT(
      "cnt",
      "3",
      ValueType.number("1 to 127", 1, 127),
      Scope.POLICY,
      "unanswered probes after which the kernel gives the connection up (TCP_KEEPCNT)"),

  KEEPALIVE(
      "keepalive",
      "on",
      ValueType.words("on or off", "on", "off"),
      Scope.POLICY,
      "off: leave connections as the application has them"),

  USER_TIMEOUT(
      "user-timeout",
      "off",
      ValueType.seconds(
          "off, derived (idle + intvl*cnt), adaptive or 1s to 32767s",
          "off",
          "derived",
          "adaptive"),
      Scope.POLICY,
      "give up data that stays unacknowledged this long (TCP_USER_TIMEOUT); it also ends"
          + " connections to a living peer that does not read, except adaptive, which is derived"
          + " and set only while data is sent again and again"),

  WATCHDOG(
      "watchdog",
      "false",
      ValueType.millis(
          "true, false, or the interval, 100ms to 1h; true: half of intvl, at least 500ms",
          100,
          1,
          "true",
          "false"),
      Scope.GLOBAL,
      "look at every connection at an interval, and log those that become half-open, recover, die"
          + " or stay half-closed"),

  SWEEP(
      "sweep",
      "5s with watchdog, else off",
      ValueType.millis("off, or the interval, 500ms to 1h", 500, 1, "off"),
      Scope.GLOBAL,
      "look at the process's open sockets at an interval, and give options to connections no hook"
          + " has seen, as native libraries open them"),

  HALF_CLOSED_AFTER(
      "half-closed-after",
      "60s",
      ValueType.millis("1s to 24h", 1000, 24),
      Scope.GLOBAL,
      "report a connection whose peer closed it this long ago and which the application has not"
          + " closed"),

  ORIGIN(
      "origin",
      "false",
      ValueType.words("true or false", "true", "false"),
      Scope.GLOBAL,
      "with watchdog: note the first frame outside the JDK and known pools that opens a connection,"
          + " at some 20 microseconds each"),

  CONFLICT(
      "conflict",
      "enforce",
      ValueType.words("enforce, respect or tighten", "enforce", "respect", "tighten"),
      Scope.GLOBAL,
      "when the application sets keepalive options itself: enforce the policy, respect its choice,"
          + " or tighten: whichever of the two finds a dead peer sooner"),

  ENABLED(
      "enabled",
      "true",
      ValueType.words("true or false", "true", "false"),
      Scope.GLOBAL,
      "false: the agent does nothing at all"),

  CONFIG(
      "config",
      "hb-agent.properties beside the jar, if it is there",
      ValueType.text("a file"),
      Scope.ARGUMENTS,
      "properties file with the same keys, and rules; watched for changes"),

  LOG("log", "stderr", ValueType.text("stderr or a file"), Scope.GLOBAL, "where log lines go"),

  LOG_LEVEL(
      "log-level",
      "info",
      ValueType.words("debug, info, warn, error or off", "debug", "info", "warn", "error", "off"),
      Scope.GLOBAL,
      "the least level that is logged"),

  LOG_MAX_SIZE(
      "log-max-size",
      "off",
      ValueType.bytes("off, or 10k to 100g, as 500k, 10m or 1g", "off"),
      Scope.GLOBAL,
      "roll the log file before it grows beyond this size: FILE is renamed to FILE.1, FILE.1 to"
          + " FILE.2 and so on"),

  LOG_BACKUPS(
      "log-backups",
      "5",
      ValueType.number("1 to 100", 1, 100),
      Scope.GLOBAL,
      "with log-max-size: the number of rolled files that are kept"),

  STRICT(
      "strict",
      "false",
      ValueType.words("true or false", "true", "false"),
      Scope.GLOBAL,
      "true: refuse to start on bad options, instead of running the application without keepalive"),

  HELP(
      "help",
      "false",
      ValueType.words("true or false", "true", "false"),
      Scope.ARGUMENTS,
      "print this table and do nothing else"),

  RULES(
      "rules",
      "none",
      ValueType.text("names, as in: db, health"),
      Scope.FILE,
      "rules per destination in their order; the first that matches holds"),

  RULE_REMOTE(
      "rule.NAME.remote",
      "any",
      ValueType.text("address[/prefix][:port], as 10.20.0.0/16:5432, [2001:db8::]/32 or *:6432"),
      Scope.RULE,
      "remote ends the rule is for"),

  RULE_LOCAL(
      "rule.NAME.local",
      "any",
      ValueType.text("address[/prefix][:port], as :8080"),
      Scope.RULE,
      "local ends the rule is for, known on accepted and on bound connections"),

  RULE_ROLE(
      "rule.NAME.role",
      "both",
      ValueType.words("client or server", "client", "server"),
      Scope.RULE,
      "the side of the connection this process is on"),

  RULE_POLICY(
      "rule.NAME.KEY",
      "as without the rule",
      ValueType.text("any of idle, intvl, cnt, keepalive, user-timeout"),
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

  /** The key as the user writes it. */
  final String text;

  /** The default: a value as it is printed, or a phrase. */
  final String standard;

  @SuppressWarnings("ImmutableEnumChecker") // it is, but Error Prone's annotation would be needed
  final ValueType type;

  final Scope scope;

  /** Its effect, in a phrase. */
  final String help;

  Key(String text, String standard, ValueType type, Scope scope, String help) {
    this.text = text;
    this.standard = standard;
    this.type = type;
    this.scope = scope;
    this.help = help;
  }

  /** Returns whether it can be given in a rule, by its text or what follows {@code rule.NAME.}. */
  boolean isInRule() {
    return scope == Scope.POLICY || (scope == Scope.RULE && this != RULE_POLICY);
  }

  /** Returns the key of a text, or null. Keys of rules have none of their own. */
  static Key of(String text) {
    for (Key key : values()) {
      if (key.text.equals(text) && key.scope != Scope.RULE) {
        return key;
      }
    }
    return null;
  }
}
