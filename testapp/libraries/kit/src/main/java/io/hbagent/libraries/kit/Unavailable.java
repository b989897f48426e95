package io.hbagent.libraries.kit;

/** Thrown if a server is not installed on this machine. */
final class Unavailable extends Exception {
  Unavailable(String why) {
    super(why);
  }
}
