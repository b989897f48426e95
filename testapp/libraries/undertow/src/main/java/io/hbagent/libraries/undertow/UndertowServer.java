package io.hbagent.libraries.undertow;

import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.undertow.Undertow;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.logging.LogManager;
import org.xnio.Options;

/** Undertow, as it is, and with its own switch for keepalive. */
final class UndertowServer {
  private UndertowServer() {}

  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    Scenario.run(
        "Undertow",
        Undertow.class,
        report -> {
          serve(
              report
                  .variant("")
                  .note("calls setKeepAlive on every connection: with false unless configured"),
              Undertow.builder());
          serve(
              report.variant("KEEP_ALIVE=true"),
              Undertow.builder().setSocketOption(Options.KEEP_ALIVE, true));
          serve(
              report.variant("KEEP_ALIVE=false"),
              Undertow.builder().setSocketOption(Options.KEEP_ALIVE, false));
        });
  }

  private static void serve(Report report, Undertow.Builder builder) throws IOException {
    Undertow server =
        builder
            .addHttpListener(0, "127.0.0.1")
            .setHandler(
                exchange ->
                    report.server(
                        exchange
                            .getConnection()
                            .getLocalAddress(InetSocketAddress.class)
                            .getPort()))
            .build();
    server.start();
    try {
      InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
      HttpGet.root(report, address.getPort());
    } finally {
      server.stop();
    }
  }
}
