package io.hbagent.testapp.peer;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts an option to a count: a whole number from 1 to 1,000,000. */
public final class Count implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    if (!value.matches("0*[1-9]\\d{0,5}|0*1000000")) {
      throw new TypeConversionException("'" + value + "' is not a whole number from 1 to 1000000");
    }
    return Integer.valueOf(value);
  }
}
