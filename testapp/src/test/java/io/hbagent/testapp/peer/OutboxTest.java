package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutboxTest {
  @Test
  void whatTheChannelDoesNotTakeStaysInOrder() throws IOException {
    Random random = new Random(5005);
    Outbox outbox = new Outbox();
    Narrow channel = new Narrow(random);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    for (int i = 0; i < 1000; i++) {
      byte[] more = new byte[random.nextInt(200)];
      random.nextBytes(more);
      outbox.add(more);
      expected.write(more);
      outbox.writeTo(channel);
      assertEquals(expected.size() - channel.taken.size(), outbox.size());
    }
    for (int i = 0; i < 10_000 && outbox.size() > 0; i++) {
      outbox.writeTo(channel);
    }
    assertArrayEquals(expected.toByteArray(), channel.taken.toByteArray());
  }

  /** A channel that accepts zero to a few bytes at a time, as a full send buffer does. */
  private static final class Narrow implements WritableByteChannel {
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private final Random random;

    Narrow(Random random) {
      this.random = random;
    }

    @Override
    public int write(ByteBuffer bytes) {
      byte[] some = new byte[Math.min(bytes.remaining(), random.nextInt(180))];
      bytes.get(some);
      taken.write(some, 0, some.length);
      return some.length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
