package io.hbagent.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rows of /proc/self/net/tcp, as a little-endian kernel writes them. */
class ProcNetTcpTest {

  private static List<Object> read(String end) throws Exception {
    List<Object> row = new ArrayList<>();
    String rows =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
            + " 10: 0100007F:1F90 "
            + end
            + " 0A 00000000:00000000 02:000003E8 00000000     0        0 4711 2 0000 20 4 31 10\n"
            + " 11: cut off\n";
    ProcNetTcp.forEach(
        new BufferedReader(new StringReader(rows)),
        each -> {
          row.add(each.address(ProcNetTcp.LOCAL).getPort());
          row.add(each.address(ProcNetTcp.REMOTE));
          row.add(each.state());
          row.add(each.timer());
          row.add(each.inode());
        });
    return row;
  }

  @Test
  void readsBothFamilies() throws Exception {
    assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "written for little-endian");
    assertEquals(
        List.of(8080, end(new byte[] {127, 0, 0, 1}, 8080), TcpInfo.LISTEN, 2, 4711L),
        read("0100007F:1F90"));
    byte[] v6 = InetAddress.getByName("2001:db8::1").getAddress();
    assertEquals(end(v6, 443), read("B80D0120000000000000000001000000:01BB").get(1));
    byte[] mapped = InetAddress.getByName("192.0.2.1").getAddress();
    assertEquals(end(mapped, 5432), read("0000000000000000FFFF0000010200C0:1538").get(1));
  }

  private static InetSocketAddress end(byte[] address, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByAddress(address), port);
  }
}
