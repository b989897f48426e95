package io.hbagent.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The keepalive timers of a socket on which none are set: this machine's kernel defaults. */
public record KernelTimers(int idle, int intvl, int cnt) {

  /** Asks the kernel, whose usual answer is 7200/75/9. */
  public static KernelTimers read() {
    return new KernelTimers(read("time"), read("intvl"), read("probes"));
  }

  /** When an idle connection with them has found out that its peer is dead, in seconds. */
  int deadAfter() {
    return idle + intvl * cnt;
  }

  /**
   * In one read: the files of sysctl give nothing to a second, and Files.readString needs several.
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
