package io.hbagent.testapp;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options {@code --host} and {@code --port}, for a server and for a client. */
public final class Endpoint {
  /** The default address of the echo programs, http and mute. */
  public static final int DEFAULT_PORT = 7007;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "Name, IPv4 or IPv6 address (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = Port.class,
      description =
          "0 to 65535; a server that is given 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  /** Both options, with the port that is used when none is given. */
  public Endpoint(int defaultPort) {
    port = defaultPort;
  }

  /** The address, looked up; a {@link Failure} where there is no such host. */
  public InetSocketAddress address() {
    String name =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    InetSocketAddress address = new InetSocketAddress(name, port);
    if (address.isUnresolved()) {
      throw new Failure("no such host: " + host, null);
    }
    return address;
  }

  /** {@code HOST:PORT} as the user gave it, with an IPv6 address in brackets. */
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
  }

  /** An address in numbers: {@code 127.0.0.1:7007}, {@code [::1]:7007}. */
  public static String text(SocketAddress address) {
    if (!(address instanceof InetSocketAddress)) {
      return String.valueOf(address);
    }
    InetSocketAddress inet = (InetSocketAddress) address;
    // Java writes 0:0:0:0:0:0:0:1 where the kernel's tools write ::1
    String number = inet.getAddress().getHostAddress().replaceFirst("(^|:)(0(:|$)){2,}", "::");
    return (number.indexOf(':') >= 0 ? "[" + number + "]" : number) + ":" + inet.getPort();
  }

  /** Reads a port and refuses what is none. */
  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65535) {
        throw new TypeConversionException("'" + value + "' is not a port from 0 to 65535");
      }
      return Integer.valueOf(value);
    }
  }
}
