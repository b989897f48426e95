package io.hbagent.config;

import io.hbagent.keepalive.Policy;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of all keys as texts, as {@link ValueType#read} returns them: the defaults, until
 * others are set. Immutable once it is part of {@link Settings}.
 */
final class SettingValues {

  /** The keys that are printed, in their order. */
  private static final Key[] PRINTED = {
    Key.IDLE,
    Key.INTVL,
    Key.CNT,
    Key.KEEPALIVE,
    Key.USER_TIMEOUT,
    Key.CONFLICT,
    Key.ENABLED,
    Key.CONFIG,
    Key.LOG,
    Key.LOG_LEVEL,
    Key.LOG_MAX_SIZE,
    Key.LOG_BACKUPS,
    Key.WATCHDOG,
    Key.SWEEP,
    Key.HALF_CLOSED_AFTER,
    Key.ORIGIN,
    Key.STRICT
  };

  /** No EnumMap: it would call {@link Key#values} by reflection, on the start path. */
  private final Map<Key, String> values = new HashMap<>();

  /** Creates the defaults. */
  SettingValues() {
    for (Key key : Key.values()) {
      values.put(key, key.standard);
    }
  }

  SettingValues(SettingValues others) {
    values.putAll(others.values);
  }

  void set(Key key, Entry entry) throws BadOption {
    set(key, key.type.read(entry));
  }

  void set(Key key, String value) {
    values.put(key, value);
  }

  String get(Key key) {
    return values.get(key);
  }

  boolean is(Key key, String value) {
    return get(key).equals(value);
  }

  boolean isStandard(Key key) {
    return is(key, key.standard);
  }

  /** Returns a duration in milliseconds. */
  int millis(Key key) {
    return (int) ValueType.millis(get(key));
  }

  /** Returns the policy of the keys of {@link Key.Scope#POLICY}. */
  Policy policy() {
    if (is(Key.KEEPALIVE, "off")) {
      return Policy.OFF;
    }
    int idle = millis(Key.IDLE) / 1000;
    int intvl = millis(Key.INTVL) / 1000;
    int cnt = Integer.parseInt(get(Key.CNT));
    int userTimeout;
    if (is(Key.USER_TIMEOUT, "off")) {
      userTimeout = 0;
    } else if (is(Key.USER_TIMEOUT, "adaptive")) {
      userTimeout = Policy.ADAPTIVE;
    } else if (is(Key.USER_TIMEOUT, "derived")) {
      // With the largest values above what an int holds.
      userTimeout = (int) Math.min(Integer.MAX_VALUE, (idle + (long) intvl * cnt) * 1000L);
    } else {
      userTimeout = millis(Key.USER_TIMEOUT);
    }
    return new Policy(true, idle, intvl, cnt, userTimeout);
  }

  /** Returns them as option text; some only where they are not the default. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    for (Key key : PRINTED) {
      boolean optional =
          key == Key.CONFIG
              || key == Key.LOG_MAX_SIZE
              || key == Key.LOG_BACKUPS
              || key == Key.SWEEP;
      if (!optional || !isStandard(key)) {
        OptionText.append(out, key.text, get(key));
      }
    }
    return out.toString();
  }
}
