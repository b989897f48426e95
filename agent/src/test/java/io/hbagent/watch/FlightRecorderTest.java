package io.hbagent.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import java.nio.file.Path;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flight recorder of this JVM, with and without the agent's event. */
class FlightRecorderTest {

  private static final String NAME = "hbagent.Connection";

  @TempDir Path folder;

  private final FlightRecorder recorder = new FlightRecorder();

  private static boolean isRegistered() {
    return jdk.jfr.FlightRecorder.getFlightRecorder().getEventTypes().stream()
        .anyMatch(type -> type.getName().equals(NAME));
  }

  private void record() {
    recorder.record(
        Transition.RECOVERED,
        new ConnectionDescription(
            3, "local", "remote", Role.CLIENT, "rule", Policy.STANDARD, 0, "opener"),
        1_000);
  }

  @Test
  void itsTypeIsUnregisteredAtTheEnd() throws Exception {
    Path file = folder.resolve("test.jfr");
    try (Recording recording = new Recording()) {
      recording.start();
      record();
      assertTrue(isRegistered());
      recorder.close();
      assertFalse(isRegistered());
      record(); // switched on again
      recorder.close();
      recorder.close();
      recording.stop();
      recording.dump(file);
    }
    assertFalse(isRegistered());
    assertEquals(
        2,
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals(NAME))
            .count());
  }
}
