package io.hbagent.testapp.pingpong;

import io.hbagent.testapp.peer.MalformedException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The types a frame may have: PING, PONG, and two for messages, which both sides must agree on. */
public final class MessageTypes {
  @Option(
      names = "--type1",
      paramLabel = "N",
      converter = Converter.class,
      description = "Number of the first message type (default: ${DEFAULT-VALUE}).")
  private int first = 11;

  @Option(
      names = "--type2",
      paramLabel = "N",
      converter = Converter.class,
      description = "Number of the second message type; some use 21 (default: ${DEFAULT-VALUE}).")
  private int second = 22;

  /** The first message type. */
  int first() {
    return first;
  }

  /** The second message type. */
  int second() {
    return second;
  }

  /** Refuses a type that no frame has. */
  void check(int type) throws MalformedException {
    if (type != Frame.PING && type != Frame.PONG && type != first && type != second) {
      throw new MalformedException(
          "type "
              + type
              + " is none of "
              + Frame.PING
              + ", "
              + Frame.PONG
              + ", "
              + first
              + ", "
              + second);
    }
  }

  /** Reads a message type: a whole number from 3, since 1 and 2 are taken, to 999,999,999. */
  static final class Converter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("[3-9]|[1-9]\\d{1,8}")) {
        throw new TypeConversionException(
            "'" + value + "' is not a message type from 3 to 999999999");
      }
      return Integer.valueOf(value);
    }
  }
}
