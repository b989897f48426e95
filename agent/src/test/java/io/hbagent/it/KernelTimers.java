package io.hbagent.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The keepalive timers of a socket on which none are set: the kernel defaults of this machine. */
public record KernelTimers(int idle, int intvl, int cnt) {

  /** Reads them from {@code /proc/sys}; usually 7200/75/9. */
  public static KernelTimers read() {
    return new KernelTimers(read("time"), read("intvl"), read("probes"));
  }

  /**
   * Returns the seconds within which an idle connection detects a dead peer: idle + intvl * cnt.
   */
  int deadAfter() {
    return idle + intvl * cnt;
  }

  /**
   * Reads the file in one call: files of sysctl return nothing to a second one, and
   * Files.readString makes several.
   */
  private static int read(String setting) {
    try (BufferedReader file =
        Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/tcp_keepalive_" + setting))) {
      return Integer.parseInt(file.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
