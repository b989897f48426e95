package io.hbagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceivedRequestTest {

  private static final int TIMES = 2_000;

  /** The agent's thread looks at the file of a subscriber while the attach writes its answer. */
  @Test
  void isNeverEmptyWhileItIsAnswered(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("request");
    int empty = 0;
    for (int i = 0; i < TIMES; i++) {
      Files.writeString(file, new Request(Request.Verb.STATUS, "", 1000).toString());
      try (ReceivedRequest attach = ReceivedRequest.open(file.toString());
          ReceivedRequest subscriber = ReceivedRequest.open(file.toString())) {
        assertNotNull(attach.take());
        AtomicBoolean answered = new AtomicBoolean();
        Thread thread =
            new Thread(
                () -> {
                  try {
                    attach.answer(Report.ok());
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  } finally {
                    answered.set(true);
                  }
                });
        thread.start();
        while (!answered.get()) {
          empty += subscriber.wantsNext() ? 1 : 0;
        }
        thread.join();
      }
    }
    assertEquals(0, empty);
  }
}
