package io.hbagent.testapp.pingpong;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.testapp.peer.MalformedException;
import io.hbagent.testapp.peer.Serving;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PingPongDialogueTest {
  private final MessageTypes types = new MessageTypes();
  private final PingPongDialogue dialogue = new PingPongDialogue(types, 11, Serving.silence());

  @Test
  void anEmptyLineIsOneFrame() throws MalformedException {
    assertEquals(List.of(""), texts(""));
  }

  @Test
  void aLongLineIsCutBetweenCharacters() throws MalformedException {
    String line = "x" + "é".repeat(600); // 1,201 bytes, and byte 1,024 is inside a character
    assertEquals(List.of("x" + "é".repeat(511), "é".repeat(89)), texts(line));
  }

  @Test
  void everyWholeFrameCounts() throws MalformedException {
    ByteBuffer wire = ByteBuffer.allocate(3 * Frame.BYTES);
    wire.put(Frame.of(Frame.PONG).wire()).put(Frame.of(22).wire()).put(new byte[3]).flip();
    assertEquals(2, dialogue.received(wire));
  }

  private List<String> texts(String line) throws MalformedException {
    ByteBuffer wire = ByteBuffer.wrap(dialogue.message(line));
    FrameDecoder decoder = new FrameDecoder(types);
    List<String> texts = new ArrayList<>();
    for (Frame frame = decoder.next(wire); frame != null; frame = decoder.next(wire)) {
      assertEquals(11, frame.type());
      texts.add(frame.text());
    }
    decoder.end();
    return texts;
  }
}
