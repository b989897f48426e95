package io.hbagent.testapp.probe;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.FutureTask;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * {@code SSLSocket} in both layerings: one that opens its own connection, and one over a connection
 * that is open already. They need a key store (password {@code changeit}) named by {@code
 * -Dprobe.keystore}; without it they are not in the table.
 */
final class Tls {
  private static final char[] PASSWORD = "changeit".toCharArray();

  /** Opens a connected TLS socket. */
  private interface Opener {
    Socket open(SSLSocketFactory factory, InetSocketAddress peer) throws Exception;
  }

  private Tls() {}

  static void add(Map<String, Scenario> into) {
    if (System.getProperty("probe.keystore") == null) {
      return;
    }
    put(into, "tls-host-port", (f, peer) -> f.createSocket(peer.getHostString(), peer.getPort()));
    put(into, "tls-address-port", (f, peer) -> f.createSocket(peer.getAddress(), peer.getPort()));
    put(into, "tls-connect", (f, peer) -> SocketClients.connected(f.createSocket(), peer, 0));
    put(
        into,
        "tls-connect-timeout",
        (f, peer) -> SocketClients.connected(f.createSocket(), peer, 10_000));
    put(
        into,
        "tls-layered",
        (f, peer) -> layered(f, new Socket(peer.getAddress(), peer.getPort())));
    put(into, "tls-layered-channel", (f, peer) -> layered(f, SocketChannel.open(peer).socket()));
    into.put("tls-layered-server", Tls::layeredServer);
  }

  private static void put(Map<String, Scenario> into, String name, Opener opener) {
    into.put(
        name,
        setting -> {
          SSLContext context = context();
          try (Echo peer =
                  new Echo(
                      setting,
                      () ->
                          context
                              .getServerSocketFactory()
                              .createServerSocket(0, 5, setting.loopback()));
              Socket socket = opener.open(context.getSocketFactory(), peer.address())) {
            setting.client(socket);
            Echo.talk(socket);
          }
        });
  }

  static Socket layered(SSLSocketFactory factory, Socket plain) throws IOException {
    return factory.createSocket(
        plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
  }

  /** A server that accepts a plain connection and starts TLS on it, as STARTTLS does. */
  private static void layeredServer(Setting setting) throws Exception {
    SSLSocketFactory factory = context().getSocketFactory();
    try (ServerSocket listener = new ServerSocket(0, 5, setting.loopback())) {
      FutureTask<Void> client =
          setting.start(
              () -> {
                try (Socket socket =
                    layered(factory, new Socket(setting.loopback(), listener.getLocalPort()))) {
                  setting.client(socket);
                  Echo.talk(socket);
                }
                return null;
              });
      try (SSLSocket socket =
          (SSLSocket) factory.createSocket(listener.accept(), (InputStream) null, true)) {
        socket.setUseClientMode(false);
        setting.server(socket);
        Echo.answer(socket);
      }
      Setting.await(client);
    }
  }

  static SSLContext context() throws Exception {
    KeyStore store = KeyStore.getInstance("JKS");
    try (InputStream in = new FileInputStream(System.getProperty("probe.keystore"))) {
      store.load(in, PASSWORD);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), new TrustManager[] {new TrustAll()}, null);
    return context;
  }

  /** Accepts every certificate, because only the socket matters here. */
  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
