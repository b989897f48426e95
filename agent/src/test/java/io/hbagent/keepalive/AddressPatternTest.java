package io.hbagent.keepalive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pattern matches, and what is none. */
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
