package io.hbagent.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The addresses of /proc/self/net/tcp, as a little-endian kernel writes them. */
class RemoteAddressesTest {
  @Test
  void readsBothFamilies() throws Exception {
    assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "written for little-endian");
    assertEquals(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 8080),
        RemoteAddresses.address("0100007F:1F90"));
    assertEquals(
        new InetSocketAddress(InetAddress.getByName("2001:db8::1"), 443),
        RemoteAddresses.address("B80D0120000000000000000001000000:01BB"));
    assertEquals(
        new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 5432),
        RemoteAddresses.address("0000000000000000FFFF0000010200C0:1538"));
  }
}
