package io.hbagent.libraries.runner;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class TableTest {
  private final List<Row> rows =
      rows("A, epoll", "A, epoll", "B", "B, NIO", "B, epoll", "B, epoll", "B, io_uring", "C");

  private final Table table = new Table("", rows, "");

  /** Rows that could not be made keep their place among the others. */
  @Test
  void rowsThatCouldNotBeMadeKeepTheirPlaces() {
    for (String one : List.of("A, epoll", "B", "B, NIO", "B, epoll", "B, io_uring", "C")) {
      table.holds(without(one), row -> row.label().equals(one));
    }
    table.holds(List.of(), row -> true);
  }

  @Test
  void rowsThatAreMissingWithoutReasonAreSeen() {
    assertThrows(AssertionFailedError.class, () -> table.holds(without("B, epoll"), row -> false));
  }

  private List<Row> without(String label) {
    return rows.stream().filter(row -> !row.label().equals(label)).toList();
  }

  private static List<Row> rows(String... labels) {
    return Stream.of(labels)
        .map(label -> Row.parse("| " + label + " | 1 | client | off | on | off | on | x | |"))
        .toList();
  }
}
