package io.hbagent.libraries.jetty;

import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** Jetty's server, with its defaults and with keepalive set by the application's connector. */
final class JettyServer {
  private JettyServer() {}

  public static void main(String[] args) {
    Scenario.run(
        "Jetty",
        Server.class,
        report -> {
          Server plain = new Server();
          serve(report.variant(""), plain, new ServerConnector(plain));
          Server keeping = new Server();
          serve(
              report.variant("connector whose configure calls setKeepAlive(true)"),
              keeping,
              new KeepingAlive(keeping));
        });
  }

  private static void serve(Report report, Server server, ServerConnector connector)
      throws Exception {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(new Reporter(report));
    server.start();
    try {
      HttpGet.root(report, connector.getLocalPort());
    } finally {
      server.stop();
    }
  }

  private static final class Reporter extends Handler.Abstract {
    private final Report report;

    Reporter(Report report) {
      this.report = report;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      report.server(Request.getLocalPort(request));
      callback.succeeded();
      return true;
    }
  }

  /** Sets keepalive by overriding, because Jetty has no setter for it. */
  private static final class KeepingAlive extends ServerConnector {
    KeepingAlive(Server server) {
      super(server);
    }

    @Override
    protected void configure(Socket socket) {
      super.configure(socket);
      try {
        socket.setKeepAlive(true);
      } catch (SocketException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
