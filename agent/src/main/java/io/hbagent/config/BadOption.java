package io.hbagent.config;

import io.hbagent.text.Printable;

/**
 * Options that cannot be used. The message is one printable sentence for the user: key, value,
 * where it was given, and what is allowed or the cure.
 */
public final class BadOption extends Exception {

  private static final long serialVersionUID = 1L;

  BadOption(String message) {
    super(Printable.of(message));
  }
}
