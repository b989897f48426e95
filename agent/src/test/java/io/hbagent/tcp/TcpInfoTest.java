package io.hbagent.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The first bytes of struct tcp_info, and the numbers of each operating system. */
class TcpInfoTest {
  @Test
  void readsTheBytesInTheirPlaces() {
    byte[] bytes = {TcpInfo.ESTABLISHED, 4, 7, (byte) 200};
    int info = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt();
    assertEquals(TcpInfo.ESTABLISHED, TcpInfo.state(info));
    assertEquals(7, TcpInfo.retransmits(info));
    assertEquals(200, TcpInfo.probes(info));
  }

  @Test
  void numbersAreKnownWhereTheyAreKnown() {
    assertTrue(Options.of("Linux").hasInfo());
    assertEquals(0x10, Options.of("Mac OS X").number(Options.IDLE));
    assertEquals(17, Options.of("Windows Server 2022").number(Options.INTVL));
    assertNull(Options.of("SunOS"));
  }
}
