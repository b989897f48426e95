package io.hbagent.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One line, whatever it held, and nothing in it that acts on a terminal. */
class PrintableTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 7, 8, 9, 0xA, 0xD, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9B, 0x9F, 0xAD, 0x61C, 0x200B, 0x200E,
        0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2066, 0x2069, 0xD800, 0xDFFF, 0xFEFF, 0xFFFF
      })
  void charsThatActAreEscaped(int c) {
    String hex = String.format("\\u%04x", c);
    assertEquals("a" + hex + "[31mb", Printable.of("a" + (char) c + "[31mb"));
    StringBuilder quoted = new StringBuilder();
    Printable.quote(quoted, (char) c + "\"\\");
    assertEquals("\"" + hex + "\\\"\\\\\"", quoted.toString());
  }

  @Test
  void textStays() {
    String text = "http-nio-8080 C:\\x \"q\" grüße 日本 \ud83d\ude00";
    assertEquals(text, Printable.of(text));
    assertEquals("\\udb40\\udc41", Printable.of("\udb40\udc41"), "a tag, which is invisible");
  }

  @Test
  void quotesAreCutToALine() {
    String brief = Printable.brief("\n".repeat(5_000_000));
    assertTrue(brief.startsWith("\\u000a") && brief.endsWith("…"), brief);
    assertTrue(brief.length() < 1300, brief);
    assertEquals("short", Printable.brief("short"));
  }
}
