package io.hbagent.testapp.peer;

import io.hbagent.testapp.Seconds;
import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A time that something waits for, as an option gives it in seconds: at least a millisecond, since
 * no selector waits for less.
 */
public final class Span {
  private final long millis;

  private Span(long millis) {
    this.millis = millis;
  }

  /** So many seconds, at least 1. */
  public static Span seconds(int seconds) {
    return new Span(TimeUnit.SECONDS.toMillis(seconds));
  }

  /** The time in nanoseconds. */
  public long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** The time in milliseconds. */
  public long millis() {
    return millis;
  }

  /** The seconds as they can be typed again: {@code 10}, {@code 0.25}. */
  @Override
  public String toString() {
    return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
  }

  /** Reads an option. */
  public static final class Converter implements ITypeConverter<Span> {
    @Override
    public Span convert(String value) {
      long millis = new Seconds().convert(value);
      if (millis < 1) {
        throw new TypeConversionException("'" + value + "' is less than 0.001 seconds");
      }
      return new Span(millis);
    }
  }
}
