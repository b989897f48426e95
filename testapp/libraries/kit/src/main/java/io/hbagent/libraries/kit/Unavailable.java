package io.hbagent.libraries.kit;

/** A server this machine does not have. */
final class Unavailable extends Exception {
  Unavailable(String why) {
    super(why);
  }
}
