package io.hbagent.testapp.keepalive;

import io.hbagent.testapp.Failure;
import io.hbagent.testapp.peer.Report;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options {@code --preset}, {@code --idle}, {@code --intvl} and {@code --cnt}. */
final class KeepaliveOptions {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      converter = Preset.Converter.class,
      description =
          "idle/intvl/cnt at once: quick is 5/5/3, patient 60/180/5, kernel 7200/75/9"
              + " (default: ${DEFAULT-VALUE}).")
  private Preset preset = Preset.QUICK;

  @Option(
      names = "--idle",
      paramLabel = "SECONDS",
      converter = KernelSeconds.class,
      description = "Silence before the first probe, 1 to 32767; wins over the preset.")
  private Integer idle;

  @Option(
      names = "--intvl",
      paramLabel = "SECONDS",
      converter = KernelSeconds.class,
      description = "From one probe to the next, 1 to 32767; wins over the preset.")
  private Integer intvl;

  @Option(
      names = "--cnt",
      paramLabel = "N",
      converter = KernelCount.class,
      description = "Unanswered probes that end a connection, 1 to 127; wins over the preset.")
  private Integer cnt;

  /** Sets the requested options on a connection, and reports each one as the kernel has it then. */
  void apply(Keepalive keepalive, SocketChannel channel, Report report) {
    int idleSeconds = idle == null ? preset.idle : idle;
    int intvlSeconds = intvl == null ? preset.intvl : intvl;
    int probes = cnt == null ? preset.cnt : cnt;
    // Each is tried, whatever became of the one before: some systems know idle alone.
    boolean on = enable(keepalive, channel, report);
    boolean idleSet = set(keepalive, channel, "TCP_KEEPIDLE", idleSeconds, report);
    boolean intvlSet = set(keepalive, channel, "TCP_KEEPINTERVAL", intvlSeconds, report);
    boolean cntSet = set(keepalive, channel, "TCP_KEEPCOUNT", probes, report);
    if (on && idleSet && intvlSet && cntSet) {
      report.line(
          "a dead peer is found after %d s of silence", idleSeconds + intvlSeconds * probes);
    }
  }

  private static boolean enable(Keepalive keepalive, SocketChannel channel, Report report) {
    try {
      boolean on = keepalive.enable(channel);
      report.line("SO_KEEPALIVE is %s", on);
      return on;
    } catch (IOException | UnsupportedOperationException e) {
      report.line("SO_KEEPALIVE could not be set to true: %s", Failure.text(e));
      return false;
    }
  }

  private static boolean set(
      Keepalive keepalive, SocketChannel channel, String option, int value, Report report) {
    try {
      int is = keepalive.set(channel, option, value);
      report.line("%s is %d", option, is);
      return is == value;
    } catch (IOException | UnsupportedOperationException e) {
      report.line("%s could not be set to %d: %s", option, value, Failure.text(e));
      return false;
    }
  }

  private static Integer within(int max, String value) {
    if (!value.matches("\\d{1,9}")
        || Integer.parseInt(value) < 1
        || Integer.parseInt(value) > max) {
      throw new TypeConversionException("'" + value + "' is not a whole number from 1 to " + max);
    }
    return Integer.valueOf(value);
  }

  /** Range of TCP_KEEPIDLE and TCP_KEEPINTVL on Linux. */
  static final class KernelSeconds implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return within(32_767, value);
    }
  }

  /** Range of TCP_KEEPCNT on Linux. */
  static final class KernelCount implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return within(127, value);
    }
  }
}
