package io.hbagent.testapp;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import picocli.CommandLine.Command;

/**
 * The client of {@code java.net.http}, which Java has had since 11: {@code WebLink} is compiled for
 * it.
 */
@Command(
    name = "client",
    description = {
      "Posts messages to 'http server' through java.net.http (Java 11 or newer).",
      "While it holds the connection it waits for an answer that the server gives late."
    })
public final class WebClient extends Client {
  @Override
  Link connect(InetSocketAddress address) throws IOException {
    try {
      return Class.forName("io.hbagent.testapp.WebLink")
          .asSubclass(Link.class)
          .getDeclaredConstructor(InetSocketAddress.class)
          .newInstance(address);
    } catch (InvocationTargetException e) {
      throw new IOException(Failure.text(e.getCause()), e.getCause());
    } catch (UnsupportedClassVersionError e) {
      throw new Failure(
          "java.net.http needs Java 11 or newer, and this is Java "
              + System.getProperty("java.version"),
          e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
