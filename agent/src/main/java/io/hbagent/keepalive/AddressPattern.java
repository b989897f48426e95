package io.hbagent.keepalive;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A set of addresses and ports: {@code 10.20.0.0/16:5432}, {@code [2001:db8::]/32}, {@code *:6432},
 * {@code :8080}, {@code 10.0.0.7}, {@code :8000-8099}.
 *
 * <p>Numbers only, never a host name: to match one would mean a look-up on the application's
 * thread. Immutable.
 */
public final class AddressPattern {

  private static final int MAX_PORT = 65535;

  private final String text;
  private final byte[] network;
  private final int prefixLength;
  private final int firstPort;
  private final int lastPort;

  private AddressPattern(
      String text, byte[] network, int prefixLength, int firstPort, int lastPort) {
    this.text = text;
    this.network = network;
    this.prefixLength = prefixLength;
    this.firstPort = firstPort;
    this.lastPort = lastPort;
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException with a message that says what is wrong with it
   */
  public static AddressPattern parse(String text) {
    int closing = text.indexOf(']');
    int colon = text.indexOf(':', Math.max(closing, 0));
    if (closing < 0 && colon >= 0 && text.indexOf(':', colon + 1) >= 0) {
      throw new IllegalArgumentException("an IPv6 address stands in brackets, as in [2001:db8::1]");
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    int first = 0;
    int last = MAX_PORT;
    if (colon >= 0) {
      String ports = text.substring(colon + 1);
      int dash = ports.indexOf('-');
      first = number(dash < 0 ? ports : ports.substring(0, dash), MAX_PORT, "port");
      last = dash < 0 ? first : number(ports.substring(dash + 1), MAX_PORT, "port");
      if (first > last) {
        throw new IllegalArgumentException("the first port is above the last");
      }
    }
    if (host.isEmpty() && colon < 0) {
      throw new IllegalArgumentException("it is empty");
    }
    if (host.isEmpty() || host.equals("*")) {
      return new AddressPattern(text, null, 0, first, last);
    }
    int slash = host.indexOf('/');
    byte[] network = address(slash < 0 ? host : host.substring(0, slash));
    int bits = network.length * 8;
    int prefix = slash < 0 ? bits : number(host.substring(slash + 1), bits, "prefix length");
    return new AddressPattern(text, network, prefix, first, last);
  }

  private static byte[] address(String text) {
    try {
      if (text.startsWith("[") && text.endsWith("]")) {
        return InetAddress.getByName(text).getAddress(); // in brackets: never a look-up
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(text + " is no IPv6 address", e);
    }
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          text + " is no address; host names are not matched, because that would need a look-up");
    }
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) number(parts[i], 255, "byte of the address");
    }
    return bytes;
  }

  private static int number(String text, int max, String what) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= max && text.charAt(0) != '+') {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("the " + what + " is 0 to " + max + ", not " + text);
  }

  /**
   * Returns whether an address and port are in the set.
   *
   * @param address of an {@link InetAddress}, or null when it is unknown, which never matches
   */
  boolean matches(byte[] address, int port) {
    return port >= firstPort
        && port <= lastPort
        && address != null
        && (network == null || isInNetwork(address));
  }

  private boolean isInNetwork(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = prefixLength / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) {
        return false;
      }
    }
    int rest = prefixLength % 8;
    return rest == 0 || (address[whole] ^ network[whole]) >> (8 - rest) == 0;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
