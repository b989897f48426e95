package io.hbagent.libraries.tomcat;

import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.logging.LogManager;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Tomcat's two connectors, as they are, and with their own switch for keepalive. */
final class TomcatServer {
  private TomcatServer() {}

  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    Scenario.run(
        "Tomcat",
        Tomcat.class,
        report -> {
          for (String io : new String[] {"Nio", "Nio2"}) {
            String protocol = "org.apache.coyote.http11.Http11" + io + "Protocol";
            String connector = io.toUpperCase(Locale.ROOT);
            serve(report.variant(connector), protocol, null);
            for (String keepAlive : new String[] {"true", "false"}) {
              serve(
                  report.variant(connector + ", socket.soKeepAlive=" + keepAlive),
                  protocol,
                  keepAlive);
            }
          }
        });
  }

  private static void serve(Report report, String protocol, String keepAlive) throws Exception {
    Connector connector = new Connector(protocol);
    connector.setPort(0);
    set(connector, "address", "127.0.0.1");
    if (keepAlive != null) {
      set(connector, "socket.soKeepAlive", keepAlive);
    }
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir("tomcat"); // in the folder of this run
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", null);
    Tomcat.addServlet(context, "reporter", new Reporter(report)).addMapping("/");
    tomcat.start();
    try {
      HttpGet.root(report, connector.getLocalPort());
    } finally {
      tomcat.stop();
      tomcat.destroy();
    }
  }

  private static void set(Connector connector, String name, String value) {
    if (!connector.setProperty(name, value)) {
      throw new IllegalArgumentException("the connector has no " + name);
    }
  }

  private static final class Reporter extends HttpServlet {
    private final transient Report report;

    Reporter(Report report) {
      this.report = report;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      report.server(request.getLocalPort());
    }
  }
}
