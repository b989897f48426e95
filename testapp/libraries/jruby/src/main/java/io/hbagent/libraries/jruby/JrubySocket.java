package io.hbagent.libraries.jruby;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.jruby.RubyInstanceConfig.CompileMode;
import org.jruby.embed.LocalContextScope;
import org.jruby.embed.ScriptingContainer;

/** JRuby, whose sockets are the JDK's, and whose setsockopt is a call of the native one. */
final class JrubySocket {
  private JrubySocket() {}

  public static void main(String[] args) {
    Scenario.run(
        "JRuby",
        ScriptingContainer.class,
        report -> {
          report.against("a listener");
          ScriptingContainer ruby = new ScriptingContainer(LocalContextScope.SINGLETHREAD);
          ruby.setCompileMode(CompileMode.OFF);
          ruby.getProvider().getRubyInstanceConfig().setDisableGems(true);
          ruby.runScriptlet("require 'socket'");
          connect(
              ruby,
              report.variant("TCPSocket, setsockopt(SO_KEEPALIVE)"),
              "$s.setsockopt(Socket::SOL_SOCKET, Socket::SO_KEEPALIVE, true)",
              Report::client);
          connect(
              ruby,
              report
                  .variant("TCPSocket, setsockopt(TCP_KEEPIDLE, 77)")
                  .note("a native call that no hook sees: compared by every eighth sweep"),
              "$s.setsockopt(Socket::SOL_SOCKET, Socket::SO_KEEPALIVE, true);"
                  + "$s.setsockopt(Socket::IPPROTO_TCP, Socket::TCP_KEEPIDLE, 77)",
              Report::clientInTheEnd);
        });
  }

  private interface Look {
    void at(Report report, int port) throws IOException;
  }

  private static void connect(ScriptingContainer ruby, Report report, String script, Look look)
      throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = listener.getLocalPort();
      ruby.runScriptlet("$s = TCPSocket.new('127.0.0.1', " + port + ");" + script);
      look.at(report, port);
      ruby.runScriptlet("$s.close");
    }
  }
}
