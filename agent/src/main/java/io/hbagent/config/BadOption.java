package io.hbagent.config;

/**
 * Options that cannot be used. The message is one sentence for the user: key, value, where it
 * stood, what is allowed or how to cure it.
 */
public final class BadOption extends Exception {

  private static final long serialVersionUID = 1L;

  BadOption(String message) {
    super(message);
  }
}
