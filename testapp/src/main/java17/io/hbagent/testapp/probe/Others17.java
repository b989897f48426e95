package io.hbagent.testapp.probe;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;

/** Unix-domain channels, in JDK 16 and newer. */
final class Others17 {
  private Others17() {}

  static void add(Map<String, Scenario> into) {
    into.put("unix-blocking", setting -> talk(setting, true));
    into.put("unix-nonblocking", setting -> talk(setting, false));
  }

  private static void talk(Setting setting, boolean blocking) throws Exception {
    Path folder = Files.createTempDirectory("probe");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(address);
      FutureTask<Void> answer;
      try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        client.configureBlocking(blocking);
        if (!client.connect(address)) {
          client.finishConnect();
        }
        client.configureBlocking(true);
        setting.report("client", Kernel.of(client));
        listener.configureBlocking(blocking);
        SocketChannel server = listener.accept();
        setting.report("server", Kernel.of(server));
        answer =
            setting.start(
                () -> {
                  try (server) {
                    Echo.answer(server);
                  }
                  return null;
                });
        Echo.talk(client);
      }
      Setting.await(answer);
    } finally {
      Files.deleteIfExists(address.getPath());
      Files.delete(folder);
    }
  }
}
