package io.hbagent.keepalive;

import java.util.Arrays;

/**
 * A set of addresses and ports: {@code 10.20.0.0/16:5432}, {@code [2001:db8::]/32}, {@code *:6432},
 * {@code :8080}, {@code 10.0.0.7}, {@code :8000-8099}.
 *
 * <p>Numbers only, never a host name: to match one would mean a look-up on the application's
 * thread. Immutable.
 */
public final class AddressPattern {

  private static final int MAX_PORT = 65535;

  /** Prefix length of IPv4-mapped addresses, ::ffff:0:0/96. */
  private static final int MAPPED_BITS = 96;

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
      throw new IllegalArgumentException(
          "an IPv6 address must be in brackets, as in [2001:db8::1]");
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
    if (isMapped(network)) { // the JDK has such an address as IPv4
      if (prefix < MAPPED_BITS) {
        throw new IllegalArgumentException(
            "the prefix length of an IPv4-mapped address is 96 to 128, not " + prefix);
      }
      network = Arrays.copyOfRange(network, MAPPED_BITS / 8, network.length);
      prefix -= MAPPED_BITS;
    }
    return new AddressPattern(text, network, prefix, first, last);
  }

  private static boolean isMapped(byte[] address) {
    int zero = 0;
    while (zero < address.length && address[zero] == 0) {
      zero++;
    }
    return address.length == 16 && zero == 10 && address[10] == -1 && address[11] == -1;
  }

  /** Parsed here: InetAddress would be initialised before main, and has a lenient parser. */
  private static byte[] address(String text) {
    return text.startsWith("[") && text.endsWith("]")
        ? ipv6(text.substring(1, text.length() - 1))
        : ipv4(text);
  }

  private static byte[] ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] bytes = new byte[4];
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          text + " is no address; host names are not matched, because that would need a look-up");
    }
    for (int i = 0; i < 4; i++) {
      if (parts[i].length() > 1 && parts[i].charAt(0) == '0') {
        throw new IllegalArgumentException(parts[i] + " of the address begins with a zero");
      }
      bytes[i] = (byte) number(parts[i], 255, "byte of the address");
    }
    return bytes;
  }

  /** RFC 4291, section 2.2, without a zone. */
  private static byte[] ipv6(String text) {
    byte[] bytes = new byte[16];
    int at = 0;
    int gap = -1; // position of "::"
    int from = 0;
    while (from < text.length()) {
      if (text.startsWith(from == 0 ? "::" : ":", from)) {
        require(gap < 0, text);
        gap = at;
        from += from == 0 ? 2 : 1;
        continue;
      }
      int colon = text.indexOf(':', from);
      int to = colon < 0 ? text.length() : colon;
      if (colon < 0 && text.indexOf('.', from) >= 0) {
        require(at <= 12, text);
        System.arraycopy(ipv4(text.substring(from)), 0, bytes, at, 4);
        at += 4;
      } else {
        require(at <= 14 && to > from && to - from <= 4, text);
        int group = 0;
        for (int i = from; i < to; i++) {
          int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
          require(digit >= 0, text);
          group = group << 4 | digit;
        }
        bytes[at++] = (byte) (group >> 8);
        bytes[at++] = (byte) group;
      }
      require(colon < 0 || colon + 1 < text.length(), text); // no single colon at the end
      from = colon < 0 ? to : colon + 1;
    }
    require(gap < 0 ? at == 16 : at <= 14, text);
    if (gap >= 0) {
      System.arraycopy(bytes, gap, bytes, gap + 16 - at, at - gap);
      Arrays.fill(bytes, gap, gap + 16 - at, (byte) 0);
    }
    return bytes;
  }

  private static void require(boolean good, String text) {
    if (!good) {
      throw new IllegalArgumentException("[" + text + "] is no IPv6 address");
    }
  }

  private static int number(String text, int max, String what) {
    int number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      number = c < '0' || c > '9' || number > max ? max + 1 : number * 10 + c - '0';
    }
    if (text.isEmpty() || number > max) {
      throw new IllegalArgumentException("the " + what + " is 0 to " + max + ", not " + text);
    }
    return number;
  }

  /**
   * Returns whether an address and port are in the set.
   *
   * @param address of an {@link java.net.InetAddress}, or null when it is unknown, which never
   *     matches
   */
  public boolean matches(byte[] address, int port) {
    return port >= firstPort
        && port <= lastPort
        && address != null
        && (network == null || isInNetwork(address));
  }

  private boolean isInNetwork(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    for (int i = 0, bits = prefixLength; bits > 0; i++, bits -= 8) {
      if ((address[i] ^ network[i]) >> Math.max(0, 8 - bits) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns the text it was read from. */
  @Override
  public String toString() {
    return text;
  }
}
