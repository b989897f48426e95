package io.hbagent.testapp.heartbeat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.testapp.Main;
import io.hbagent.testapp.peer.Machine;
import io.hbagent.testapp.peer.Wait;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A server in a JVM of its own, whose process is stopped and goes on. */
@EnabledOnOs(OS.LINUX)
class StoppedServerTest {
  private static final long TIMEOUT_NANOS = Machine.stretch(TimeUnit.MILLISECONDS.toNanos(500));

  private Process server;
  private BufferedReader out;

  @BeforeEach
  void start() throws IOException {
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    String classPath = System.getProperty("java.class.path");
    server =
        new ProcessBuilder(
                java,
                "-cp",
                classPath,
                Main.class.getName(),
                "heartbeat",
                "server",
                "--port",
                "0",
                "--timeout",
                Machine.seconds("0.5"))
            .redirectErrorStream(true)
            .start();
    out = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8));
  }

  @AfterEach
  void end() {
    server.destroyForcibly();
  }

  @Test
  void hearsWhatCameWhileItWasStopped() throws Exception {
    String listening = out.readLine();
    int port = Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(60_000);
      BufferedReader in = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
      client.getOutputStream().write("HeartBeat\n".getBytes(UTF_8));
      assertEquals("OK", in.readLine());
      signal("STOP");
      client.getOutputStream().write("HeartBeat\n".getBytes(UTF_8));
      long stopped = System.nanoTime();
      Wait.until(
          () -> System.nanoTime() - stopped > 2 * TIMEOUT_NANOS, () -> "the time has not passed");
      signal("CONT");
      assertEquals("OK", in.readLine()); // and not a refusal
    }
  }

  private void signal(String name) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(server.pid())).start();
    assertEquals(0, kill.waitFor());
  }
}
