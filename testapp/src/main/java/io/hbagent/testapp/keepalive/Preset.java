package io.hbagent.testapp.keepalive;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Named settings; options use the lower-case names. */
enum Preset {
  /** Fast: a dead peer is detected after 20 s. */
  QUICK(5, 5, 3),
  /** Few packets: a dead peer is detected after 16 minutes. */
  PATIENT(60, 180, 5),
  /** Linux's default: a dead peer is detected after 2 hours, 11 minutes and 15 seconds. */
  KERNEL(7200, 75, 9);

  /** Seconds of silence before the first probe. */
  final int idle;

  /** Seconds from one probe to the next. */
  final int intvl;

  /** Unanswered probes that end a connection. */
  final int cnt;

  Preset(int idle, int intvl, int cnt) {
    this.idle = idle;
    this.intvl = intvl;
    this.cnt = cnt;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads an option. */
  static final class Converter implements ITypeConverter<Preset> {
    @Override
    public Preset convert(String value) {
      for (Preset preset : values()) {
        if (preset.toString().equals(value)) {
          return preset;
        }
      }
      throw new TypeConversionException("'" + value + "' is not quick, patient or kernel");
    }
  }
}
