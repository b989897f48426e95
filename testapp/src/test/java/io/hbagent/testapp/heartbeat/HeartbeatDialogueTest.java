package io.hbagent.testapp.heartbeat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hbagent.testapp.peer.MalformedException;
import io.hbagent.testapp.peer.Serving;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class HeartbeatDialogueTest {
  private final HeartbeatDialogue dialogue = new HeartbeatDialogue(2000, Serving.silence());

  @Test
  void countsWhatIsOwedAndPartingWordsPayNothing() throws MalformedException {
    assertArrayEquals("HeartBeat\n".getBytes(UTF_8), dialogue.probe());
    assertArrayEquals("bye: you\n".getBytes(UTF_8), dialogue.message("bye: you"));
    assertEquals(2, dialogue.owed());
    assertEquals(2, receive("OK\nBYE: YOU\nB"));
    assertEquals(0, dialogue.owed());
    dialogue.probe();
    assertEquals(1, receive("ye: no line for 60 s\n"));
    assertEquals(1, dialogue.owed());
  }

  @Test
  void upperCaseMayBeThreeTimesAsLong() throws MalformedException {
    String line = "\u0390".repeat(1000);
    assertEquals(2001, dialogue.message(line).length);
    assertEquals(1, receive(line.toUpperCase(Locale.ROOT) + "\n"));
  }

  @Test
  void aServerThatSendsNoLinesIsFoundOut() {
    assertThrows(MalformedException.class, () -> receive("x".repeat(6001)));
  }

  private int receive(String text) throws MalformedException {
    return dialogue.received(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }
}
