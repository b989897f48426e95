package io.hbagent.libraries.kit;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** An HTTP server for scenarios whose library is a server that calls another one. */
public final class HttpBackend implements AutoCloseable {
  private final HttpServer server;

  /** Starts it on a port of the system's choice. */
  public HttpBackend() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(HttpURLConnection.HTTP_NO_CONTENT, -1);
          exchange.close();
        });
    server.start();
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public String uri() {
    return "http://127.0.0.1:" + port() + "/";
  }

  /** Returns its name for the table. */
  public static String name() {
    return "HttpServer of the JDK";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
