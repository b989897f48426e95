package io.hbagent.libraries.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServersTest {
  private final List<String> events = new ArrayList<>();

  @Test
  void oneThatFailedIsNotStartedAgain() throws Exception {
    IOException cause = new IOException("no room");
    try (Servers servers =
        new Servers(
            name -> {
              events.add(name);
              throw cause;
            })) {
      assertSame(cause, assertThrows(IOException.class, () -> servers.answer("one")));
      IOException again = assertThrows(IOException.class, () -> servers.answer("one"));
      assertSame(cause, again.getCause());
      assertEquals(List.of("one"), events);
    }
  }

  @Test
  void oneThatIsNotThereIsNotLookedForAgain() throws Exception {
    try (Servers servers =
        new Servers(
            name -> {
              events.add(name);
              return null;
            })) {
      assertEquals("skip\tno server here (Debian: apt install one)", servers.answer("one"));
      assertEquals("skip\tno server here (Debian: apt install one)", servers.answer("one"));
      assertEquals(List.of("one"), events);
    }
  }

  @Test
  void eachIsStoppedWhateverTheOthersDo() throws Exception {
    Servers servers = new Servers(name -> new Servers.Server(name, 1, () -> stop(name)));
    servers.answer("one");
    servers.answer("two");
    servers.answer("three");
    Exception thrown = assertThrows(IOException.class, servers::close);
    assertEquals(List.of("one", "two", "three"), events);
    assertEquals("one", thrown.getMessage());
    assertEquals("two", thrown.getSuppressed()[0].getMessage());
  }

  private void stop(String name) throws IOException {
    events.add(name);
    if (!name.equals("three")) {
      throw new IOException(name);
    }
  }
}
