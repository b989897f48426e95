package io.hbagent.testapp.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hbagent.testapp.peer.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineDecoderTest {
  private final LineDecoder decoder = new LineDecoder(10);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 100})
  void linesMayBeCutAnywhere(int piece) throws MalformedException {
    byte[] wire = bytes("HeartBeat\n\nzwölf €\r\n0123456789\n0123456789\r\n");
    List<String> lines = new ArrayList<>();
    for (int start = 0; start < wire.length; start += piece) {
      ByteBuffer in = ByteBuffer.wrap(wire, start, Math.min(piece, wire.length - start));
      for (String line = decoder.next(in); line != null; line = decoder.next(in)) {
        lines.add(line);
      }
    }
    decoder.end();
    assertEquals(List.of("HeartBeat", "", "zwölf €", "0123456789", "0123456789"), lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0123456789x", "0123456789\rx", "0123456789\r\r", "€€€€\n"})
  void aLineTooLongIsMalformed(String text) {
    MalformedException e =
        assertThrows(MalformedException.class, () -> decoder.next(ByteBuffer.wrap(bytes(text))));
    assertEquals("line of more than 10 bytes", e.getMessage());
  }

  @Test
  void bytesThatAreNoUtf8AreMalformed() {
    byte[] wire = {'a', (byte) 0xC3, '\n'};
    MalformedException e =
        assertThrows(MalformedException.class, () -> decoder.next(ByteBuffer.wrap(wire)));
    assertEquals("line that is not UTF-8", e.getMessage());
  }

  @Test
  void anEndInsideALineIsMalformed() throws MalformedException {
    decoder.end();
    assertNull(decoder.next(ByteBuffer.wrap(bytes("Heart"))));
    MalformedException e = assertThrows(MalformedException.class, decoder::end);
    assertEquals("closed in the middle of a line, after 5 bytes", e.getMessage());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
