package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** Ranges of numbers on the command line. */
class OptionsTest {
  @ParameterizedTest
  @CsvSource({"10, 10", "0.25, 0.25", "2.50, 2.5", "0.001, 0.001", "100, 100"})
  void aSpanComesBackAsTyped(String typed, String shown) {
    assertEquals(shown, new Span.Converter().convert(typed).toString());
  }

  @Test
  void aSpanHasItsNanoseconds() {
    assertEquals(250_000_000, new Span.Converter().convert("0.25").nanos());
    assertEquals("25", Span.seconds(25).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.000", "-1", "soon", "1e3"})
  void noSpan(String typed) {
    assertThrows(TypeConversionException.class, () -> new Span.Converter().convert(typed));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "007, 7", "999999, 999999", "1000000, 1000000"})
  void aCount(String typed, int count) {
    assertEquals(count, new Count().convert(typed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1000001", "-1", "many", "1.5", ""})
  void noCount(String typed) {
    assertThrows(TypeConversionException.class, () -> new Count().convert(typed));
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "1000000, 2", "9223372036854775807, 9223372036855"})
  void aSelectorWaitsUpToAMillisecondLongerAndNeverForEverByMistake(long nanos, long millis) {
    assertEquals(millis, Waits.millis(nanos));
  }
}
