package io.hbagent.testapp.probe;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;

/**
 * A proxy that accepts one connection and forwards it to one destination, whatever is requested.
 */
final class ProxyServer implements Closeable {
  /** The protocol of the proxy. */
  enum Kind {
    SOCKS4,
    SOCKS5,
    HTTP
  }

  private final ServerSocket listener;
  private final FutureTask<Void> work;

  ProxyServer(Setting setting, Kind kind, InetSocketAddress destination) throws IOException {
    listener = new ServerSocket(0, 5, setting.loopback());
    work =
        setting.start(
            () -> {
              try (Socket inner = listener.accept();
                  Socket outer = new Socket()) {
                greet(
                    kind,
                    new DataInputStream(inner.getInputStream()),
                    inner.getOutputStream(),
                    outer,
                    destination);
                FutureTask<Void> back = setting.start(() -> copy(outer, inner));
                copy(inner, outer);
                Setting.await(back);
              }
              return null;
            });
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    Setting.await(work);
  }

  private static void greet(
      Kind kind, DataInputStream in, OutputStream out, Socket outer, InetSocketAddress destination)
      throws IOException {
    byte[] granted;
    if (kind == Kind.HTTP) {
      Http.readHead(in);
      granted = "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    } else {
      in.readByte(); // version 5: the JDK tries it first
      in.readFully(new byte[in.readUnsignedByte()]);
      if (kind == Kind.SOCKS4) {
        out.write(new byte[] {0, 91}); // not understood: the JDK tries version 4 next
        in.readFully(new byte[8]);
        while (in.readByte() != 0) {
          // the user's name
        }
        granted = new byte[] {0, 90, 0, 0, 0, 0, 0, 0};
      } else {
        out.write(new byte[] {5, 0});
        in.readFully(new byte[3]);
        int kindOfAddress = in.readUnsignedByte();
        int length = kindOfAddress == 1 ? 4 : kindOfAddress == 4 ? 16 : in.readUnsignedByte();
        in.readFully(new byte[length + 2]);
        granted = new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 0};
      }
    }
    outer.connect(destination);
    out.write(granted);
    out.flush();
  }

  private static Void copy(Socket from, Socket to) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    byte[] some = new byte[1024];
    for (int read = in.read(some); read >= 0; read = in.read(some)) {
      out.write(some, 0, read);
      out.flush();
    }
    to.shutdownOutput();
    return null;
  }
}
