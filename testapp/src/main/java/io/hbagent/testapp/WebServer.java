package io.hbagent.testapp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** The JDK's own {@link HttpServer}, for {@link WebClient} to talk to. */
@Command(
    name = "server",
    description = {
      "Answers a POST with its body, and GET /hold/MILLIS after so long.",
      "The header X-Peer of each answer is the address the request came from."
    })
public final class WebServer extends Server {
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "http");
            thread.setDaemon(true);
            return thread;
          });
  private HttpServer server;

  @Override
  SocketAddress listen(InetSocketAddress address) throws IOException {
    server = HttpServer.create(address, 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
    return server.getAddress();
  }

  @Override
  void serve() throws IOException {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  void stop() {
    threads.shutdownNow();
    server.stop(0);
    end.countDown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String peer = Endpoint.text(exchange.getRemoteAddress());
    String path = exchange.getRequestURI().getPath();
    say(exchange.getRequestMethod() + " " + path + " from " + peer);
    byte[] body = all(exchange.getRequestBody());
    if (path.matches("/hold/\\d{1,12}")) {
      try {
        TimeUnit.MILLISECONDS.sleep(Long.parseLong(path.substring("/hold/".length())));
      } catch (InterruptedException e) {
        exchange.close();
        return;
      }
    }
    exchange.getResponseHeaders().set("X-Peer", peer);
    if (body.length == 0) {
      exchange.sendResponseHeaders(200, -1); // no stream to follow: JDK 11 hangs up on any write
      return;
    }
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static byte[] all(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n; (n = in.read(buffer)) >= 0; ) {
      all.write(buffer, 0, n);
    }
    return all.toByteArray();
  }
}
