package io.hbagent.libraries.infinispan;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.infinispan.client.hotrod.RemoteCacheManager;
import org.infinispan.client.hotrod.configuration.ConfigurationBuilder;

/** Infinispan's Hot Rod client, up to its first request: there is no server. */
final class HotRod {
  private static final int LIMIT_MILLIS = Scenario.LIMIT_SECONDS * 1000;

  /** The first byte of every request. */
  private static final int REQUEST = 0xA0;

  private HotRod() {}

  public static void main(String[] args) {
    Scenario.run(
        "Infinispan Hot Rod",
        RemoteCacheManager.class,
        report -> {
          report.against("a listener");
          connect(report.variant(""), new ConfigurationBuilder());
          connect(
              report.variant("tcpKeepAlive=true"), new ConfigurationBuilder().tcpKeepAlive(true));
        });
  }

  private static void connect(Report report, ConfigurationBuilder configuration)
      throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listener.setSoTimeout(LIMIT_MILLIS);
      int port = listener.getLocalPort();
      configuration.addServer().host("127.0.0.1").port(port);
      Thread application = new Thread(() -> start(configuration), "application");
      application.setDaemon(true);
      application.start();
      try (Socket socket = listener.accept()) {
        socket.setSoTimeout(LIMIT_MILLIS);
        if (socket.getInputStream().read() != REQUEST) {
          throw new IOException("not the client's first request");
        }
        report.client(port);
      }
    }
  }

  /** Connects in vain; the client may still retry when the process ends. */
  private static void start(ConfigurationBuilder configuration) {
    try (RemoteCacheManager manager = new RemoteCacheManager(configuration.build())) {
      manager.getCache();
    } catch (RuntimeException e) {
      System.err.println("The client gave up: " + e.getMessage());
    }
  }
}
