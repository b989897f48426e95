package io.hbagent.libraries.grpc;

import io.grpc.Attributes;
import io.grpc.ClientTransportFilter;
import io.grpc.Grpc;
import io.grpc.ServerTransportFilter;
import io.hbagent.libraries.kit.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * Both ends of a connection, reported by the filters that the library calls when it can carry
 * calls, before it carries the first.
 */
final class Ends {
  private final Report report;

  /** Written by an event loop, before the first call is answered. */
  private volatile String transport = "unknown transport";

  Ends(Report report) {
    this.report = report;
  }

  /** The package of that Netty transport which has connected. */
  String transport() {
    return transport;
  }

  ClientTransportFilter connected() {
    return new ClientTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        look();
        try {
          report.client(port(attributes, Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return attributes;
      }
    };
  }

  ServerTransportFilter accepted() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        try {
          report.server(port(attributes, Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return attributes;
      }
    };
  }

  private static int port(Attributes attributes, Attributes.Key<SocketAddress> key) {
    return ((InetSocketAddress) attributes.get(key)).getPort();
  }

  /** This is the stack of an event loop. */
  private void look() {
    transport =
        Arrays.stream(Thread.currentThread().getStackTrace())
            .map(StackTraceElement::getClassName)
            .filter(
                name ->
                    name.contains(".netty.channel.epoll.") || name.contains(".netty.channel.nio."))
            .map(name -> name.substring(0, name.lastIndexOf('.')))
            .findFirst()
            .orElse(transport);
  }
}
