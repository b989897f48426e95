package io.hbagent.libraries.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The table in docs/libraries.md. */
final class Table {

  private static final Path DOCUMENT = Path.of("../../../docs/libraries.md");

  private final String before;
  private final List<Row> rows;
  private final String after;

  Table(String before, List<Row> rows, String after) {
    this.before = before;
    this.rows = rows;
    this.after = after;
  }

  static Table read() throws IOException {
    String text = Files.readString(DOCUMENT);
    int from = text.indexOf(Row.HEADER);
    if (from < 0) {
      throw new IOException(DOCUMENT + " has no table that begins with\n" + Row.HEADER);
    }
    int first = from + Row.HEADER.length();
    int end = (text + "\n").indexOf("\n\n", first - 1) + 1;
    List<Row> rows = text.substring(first, end).lines().map(Row::parse).toList();
    return new Table(text.substring(0, from), rows, text.substring(end));
  }

  /**
   * Every fresh row is in the document; those there that were not made this time have a reason.
   *
   * @param excused rows that could not be made here
   */
  void holds(List<Row> fresh, Predicate<Row> excused) {
    assertEquals(
        text(merge(fresh, excused), Row::comparable),
        text(rows, Row::comparable),
        DOCUMENT + " is not what the libraries do; to write it: -Dlibraries.write=true");
  }

  void write(List<Row> fresh, Predicate<Row> excused) throws IOException {
    Files.writeString(
        DOCUMENT, before + Row.HEADER + text(merge(fresh, excused), Row::line) + after);
  }

  private List<Row> merge(List<Row> fresh, Predicate<Row> excused) {
    List<Row> merged = new ArrayList<>(fresh);
    // Those that were not made stay behind the rows they stand behind.
    String before = "";
    for (Row row : rows) {
      if (excused.test(row)) {
        merged.add(1 + merged.stream().map(Row::label).toList().lastIndexOf(before), row);
      }
      before = row.label();
    }
    // By name; the variants of a library stay in their order.
    merged.sort(Comparator.comparing(Row::library, String.CASE_INSENSITIVE_ORDER));
    return merged;
  }

  private static String text(List<Row> rows, Function<Row, String> line) {
    return rows.stream().map(row -> line.apply(row) + "\n").collect(Collectors.joining());
  }
}
