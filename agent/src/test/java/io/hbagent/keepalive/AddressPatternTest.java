package io.hbagent.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns, the addresses they match, and texts that are refused. */
class AddressPatternTest {
  @ParameterizedTest
  @CsvSource({
    "10.20.0.0/16:5432, 10.20.255.1, 5432, true",
    "10.20.0.0/16:5432, 10.21.0.1, 5432, false",
    "10.20.0.0/16:5432, 10.20.0.1, 5433, false",
    "10.20.0.0/16, 10.20.0.1, 1, true",
    "10.0.0.7, 10.0.0.7, 65535, true",
    "10.0.0.7, 10.0.0.8, 1, false",
    "10.0.0.128/25, 10.0.0.127, 1, false",
    "10.0.0.128/25, 10.0.0.200, 1, true",
    "0.0.0.0/0, 192.0.2.1, 1, true",
    "0.0.0.0/0, 2001:db8::1, 1, false",
    "[2001:db8::]/32, 2001:db8:ffff::1, 1, true",
    "[2001:db8::]/32, 2001:db9::1, 1, false",
    "[2001:db8::]/32:443, 2001:db8::1, 443, true",
    "[::1]:80, ::1, 80, true",
    "*:6432, 192.0.2.1, 6432, true",
    "*:6432, 2001:db8::1, 6432, true",
    "*:6432, 192.0.2.1, 6433, false",
    ":8080, 192.0.2.1, 8080, true",
    ":8000-8099, 192.0.2.1, 8099, true",
    ":8000-8099, 192.0.2.1, 8100, false",
    "*, 192.0.2.1, 1, true"
  })
  void matches(String pattern, String address, int port, boolean expected) throws Exception {
    AddressPattern parsed = AddressPattern.parse(pattern);
    assertEquals(expected, parsed.matches(InetAddress.getByName(address).getAddress(), port));
    assertEquals(pattern, parsed.toString());
  }

  /** Every form of RFC 4291, section 2.2; the JDK, which reads more of them, agrees. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "1::8",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1::3:4:5:6:7:8",
        "2001:DB8:0:0:8:800:200c:417A",
        "ff01::101",
        "::13.1.68.3",
        "64:ff9b::192.0.2.33",
        "1:2:3:4:5:6:7.8.9.10",
        "::ffff:129.144.52.38",
        "::FFFF:8190:3426",
        "0:0:0:0:0:ffff:10.0.0.7",
        "::fffe:10.0.0.7",
        "0000:0001::000f"
      })
  void readsIpv6Addresses(String address) throws Exception {
    byte[] expected = InetAddress.getByName(address).getAddress();
    AddressPattern parsed = AddressPattern.parse("[" + address + "]");
    assertTrue(parsed.matches(expected, 1));
    expected[expected.length - 1] ^= 1;
    assertFalse(parsed.matches(expected, 1));
  }

  /** The JDK has an IPv4-mapped address as IPv4. */
  @Test
  void mappedPrefixIsThatOfIpv4() throws Exception {
    AddressPattern parsed = AddressPattern.parse("[::ffff:10.20.0.0]/112");
    assertTrue(parsed.matches(new byte[] {10, 20, 3, 4}, 1));
    assertFalse(parsed.matches(new byte[] {10, 21, 3, 4}, 1));
  }

  @Test
  void anUnknownAddressNeverMatches() {
    assertFalse(AddressPattern.parse("*").matches(null, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db.example:5432",
        "localhost",
        "10.0.0",
        "10.0.0.0.1",
        "10.0.0.256",
        "10.0.0.010",
        "10.0.0.",
        ".10.0.0.1",
        "10.0.0.+1",
        "10.0.0.\u0661",
        "10.0.0.99999999999",
        "[]",
        "[:]",
        "[:::]",
        "[:1]",
        "[1:]",
        "[::1:]",
        "[:1::2]",
        "[1::2::3]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1:2:3:4:5:6:7:8::]",
        "[::1:2:3:4:5:6:7:8]",
        "[12345::]",
        "[1:2:3:4:5:6:7:1.2.3.4]",
        "[::1.2.3]",
        "[::1.2.3.4:5]",
        "[1.2.3.4]",
        "[fe80::1%eth0]",
        "[fe80::1%1]",
        "[::\u0661]",
        "[::1]/-1",
        "[::ffff:10.0.0.0]/24",
        "[[::1]]",
        "10.0.0.0/33",
        "10.0.0.0/",
        "[::1",
        "[::g]:1",
        "[::1]/129",
        "2001:db8::1",
        ":",
        ":65536",
        ":-1",
        ":+1",
        ":9-8",
        ":a-b",
        "10.0.0.1:",
        "[not-an-address]:1"
      })
  void refuses(String pattern) {
    assertThrows(IllegalArgumentException.class, () -> AddressPattern.parse(pattern));
  }
}
