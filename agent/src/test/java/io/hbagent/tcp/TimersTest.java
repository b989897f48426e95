package io.hbagent.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the kernel writes of timers, {@code net/ipv4/tcp_ipv4.c} and {@code tcp_ipv6.c}. */
class TimersTest {

  private static final String HEADING =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";

  private static Timers read(String lines) throws IOException {
    Timers timers = new Timers();
    ProcNetTcp.forEach(new BufferedReader(new StringReader(HEADING + lines)), timers::add);
    return timers;
  }

  /** The address as the kernel prints it: a word of its memory. */
  private static String printed(int... bytes) {
    ByteBuffer word = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
    for (int each : bytes) {
      word.put((byte) each);
    }
    return String.format("%08X", word.getInt(0));
  }

  @ParameterizedTest
  @CsvSource({"00, 0", "01, 1", "02, 2", "03, 3", "04, 4"})
  void theTimerOfAConnection(String printed, int timer) throws IOException {
    String line =
        "   0: %s:1F90 %s:C350 01 00000000:00000000 %s:000003E8 00000000     0        0 1\n"
            .formatted(printed(127, 0, 0, 1), printed(192, 0, 2, 7), printed);
    Timers timers = read(line);
    assertEquals(timer, timers.of(Timers.key(8080, 50_000, 0xC0_00_02_07)));
    assertEquals(Timers.UNKNOWN, timers.of(Timers.key(8080, 50_001, 0xC0_00_02_07)));
    assertEquals(Timers.UNKNOWN, timers.of(Timers.key(8080, 50_000, 0xC0_00_02_08)));
  }

  /** An IPv6 address is identified by its last word. */
  @Test
  void theTimerOfOneOverIpv6() throws IOException {
    String local = "0".repeat(24) + printed(0, 0, 0, 1);
    String remote = printed(0x20, 0x01, 0x0D, 0xB8) + "0".repeat(16) + printed(0, 0, 0, 9);
    String line =
        " 104: %s:0050 %s:FFFF 01 00000001:00000000 01:00000014 00000002     0        0 7\n"
            .formatted(local, remote);
    assertEquals(Timers.RETRANSMIT, read(line).of(Timers.key(80, 65_535, 9)));
  }

  @Test
  void noConnection() throws IOException {
    assertEquals(Timers.UNKNOWN, read("").of(Timers.key(80, 65_535, 9)));
  }
}
