package io.hbagent.testapp.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A time-out of 60, on a fake clock. */
class ExpiryQueueTest {
  private long now = Long.MAX_VALUE - 30; // nanoTime may overflow between two activities
  private long readings;
  private final ExpiryQueue<String> queue = new ExpiryQueue<>(60, this::read);

  @Test
  void anEmptyQueueNeverExpires() {
    assertNull(queue.pollExpired());
    assertEquals(Long.MAX_VALUE, queue.nanosToNext());
  }

  @Test
  void keysExpireInTheOrderOfTheirLastActivity() {
    queue.touch("a");
    now += 10;
    queue.touch("b");
    now += 10;
    queue.touch("c");
    now += 10;
    queue.touch("a");
    assertEquals(40, queue.nanosToNext());
    now += 39;
    assertNull(queue.pollExpired());
    now += 1;
    assertEquals(0, queue.nanosToNext());
    assertEquals("b", queue.pollExpired());
    assertNull(queue.pollExpired());
    now += 1000;
    assertEquals("c", queue.pollExpired());
    assertEquals("a", queue.pollExpired());
    assertNull(queue.pollExpired());
    assertEquals(0, queue.size());
  }

  @Test
  void looksDoNotCountAsActivity() {
    queue.touch("a");
    queue.touch("b");
    now += 59;
    assertNull(queue.pollExpired());
    assertEquals(1, queue.nanosToNext());
    now += 1;
    assertEquals("a", queue.pollExpired());
  }

  @Test
  void aRemovedKeyDoesNotExpire() {
    queue.touch("a");
    queue.touch("b");
    queue.remove("a");
    queue.remove("never there");
    now += 60;
    assertEquals("b", queue.pollExpired());
    assertNull(queue.pollExpired());
  }

  @Test
  void onlyTheHeadIsLookedAt() {
    for (int i = 0; i < 100_000; i++) {
      queue.touch("key " + i);
    }
    now += 59;
    readings = 0;
    assertNull(queue.pollExpired());
    assertEquals(1, queue.nanosToNext());
    assertEquals(2, readings); // each poll reads the clock once a key
  }

  @Test
  void agreesWithASearchOfAllKeys() {
    Random random = new Random(60);
    Map<String, Long> model = new LinkedHashMap<>();
    for (int i = 0; i < 20_000; i++) {
      now += random.nextInt(4);
      String key = "key " + random.nextInt(50);
      if (random.nextInt(5) == 0) {
        queue.remove(key);
        model.remove(key);
      } else {
        queue.touch(key);
        model.remove(key);
        model.put(key, now);
      }
      for (String expired = queue.pollExpired(); expired != null; expired = queue.pollExpired()) {
        long silent = now - model.remove(expired);
        assertTrue(silent >= 60, () -> "expired after " + silent);
      }
      assertTrue(model.values().stream().allMatch(at -> now - at < 60), "expired late");
      assertEquals(model.size(), queue.size());
    }
  }

  @Test
  void aTimeoutBelowOneIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ExpiryQueue<String>(0, () -> 0));
  }

  private long read() {
    readings++;
    return now;
  }
}
