package io.hbagent.libraries.tomcatapr;

import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import io.hbagent.libraries.kit.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.LogManager;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.AprLifecycleListener;
import org.apache.catalina.startup.Tomcat;

/** Tomcat 9's APR connector, whose sockets are native. */
final class TomcatApr {
  private static final String NOTE =
      "native sockets: found by the sweep, at most one interval after they are accepted";
  private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/libtcnative-1.so.0");

  private TomcatApr() {}

  public static void main(String[] args) {
    LogManager.getLogManager().reset();
    Scenario.run(
        "Tomcat 9",
        Tomcat.class,
        report -> {
          if (isInstalled()) {
            serve(report.variant("APR").note(NOTE));
          } else {
            report.skip("no tomcat-native here (Debian: apt install libtcnative-1)");
          }
        });
  }

  /** Tomcat looks in its own folder first; not every JDK looks where Debian puts it. */
  private static boolean isInstalled() throws IOException {
    Path home = Scratch.folder("home");
    Path bin = Files.createDirectory(home.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("libtcnative-1.so"), LIBRARY);
    System.setProperty("catalina.home", home.toString());
    new AprLifecycleListener(); // else it is not looked for
    return AprLifecycleListener.isAprAvailable();
  }

  private static void serve(Report report) throws Exception {
    Connector connector = new Connector("org.apache.coyote.http11.Http11AprProtocol");
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
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

  private static final class Reporter extends HttpServlet {
    private final transient Report report;

    Reporter(Report report) {
      this.report = report;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      report.serverInTheEnd(request.getLocalPort());
    }
  }
}
