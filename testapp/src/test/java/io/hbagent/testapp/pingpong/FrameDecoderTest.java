package io.hbagent.testapp.pingpong;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hbagent.testapp.peer.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
  private final FrameDecoder decoder = new FrameDecoder(new MessageTypes());

  @Test
  void theWireIsABigEndianTypeAndPaddedData() {
    byte[] hi = "hi".getBytes(StandardCharsets.UTF_8);
    byte[] expected = new byte[1028];
    expected[3] = 22;
    expected[4] = 'h';
    expected[5] = 'i';
    assertArrayEquals(expected, Frame.of(22, hi, 0, 2).wire());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 1027, 1028, 1029, 2055})
  void framesMayBeCutAnywhere(int piece) throws MalformedException {
    ByteBuffer wire = ByteBuffer.allocate(3 * Frame.BYTES);
    wire.put(Frame.of(Frame.PING).wire()).put(message("one")).put(message("two")).flip();
    StringBuilder seen = new StringBuilder();
    while (wire.hasRemaining()) {
      byte[] bytes = new byte[Math.min(piece, wire.remaining())];
      wire.get(bytes);
      ByteBuffer in = ByteBuffer.wrap(bytes);
      for (Frame frame = decoder.next(in); frame != null; frame = decoder.next(in)) {
        seen.append(frame.type()).append(frame.text()).append(' ');
      }
      assertEquals(0, in.remaining());
    }
    decoder.end();
    assertEquals("1 11one 11two ", seen.toString());
  }

  @Test
  void anUnknownTypeIsFoundOutAfterFourBytes() throws MalformedException {
    assertNull(decoder.next(ByteBuffer.wrap(new byte[] {0, 0, 0})));
    MalformedException e =
        assertThrows(
            MalformedException.class, () -> decoder.next(ByteBuffer.wrap(new byte[] {77})));
    assertEquals("type 77 is none of 1, 2, 11, 22", e.getMessage());
  }

  @Test
  void anEndInsideAFrameIsMalformed() throws MalformedException {
    decoder.end();
    decoder.next(ByteBuffer.wrap(Arrays.copyOf(Frame.of(Frame.PING).wire(), 100)));
    MalformedException e = assertThrows(MalformedException.class, decoder::end);
    assertEquals("closed after 100 of 1028 bytes", e.getMessage());
  }

  @Test
  void dataMayFillTheFrame() throws MalformedException {
    byte[] full = new byte[Frame.DATA_BYTES];
    Arrays.fill(full, (byte) 'x');
    byte[] wire = Frame.of(11, full, 0, full.length).wire();
    assertEquals(1024, decoder.next(ByteBuffer.wrap(wire)).text().length());
    assertThrows(IllegalArgumentException.class, () -> Frame.of(11, new byte[1025], 0, 1025));
  }

  private static byte[] message(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Frame.of(11, bytes, 0, bytes.length).wire();
  }
}
