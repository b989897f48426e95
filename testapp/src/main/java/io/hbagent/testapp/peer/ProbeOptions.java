package io.hbagent.testapp.peer;

import picocli.CommandLine.Option;

/** The options {@code --idle}, {@code --intvl} and {@code --cnt} of a client that probes. */
public final class ProbeOptions {
  @Option(
      names = "--idle",
      paramLabel = "SECONDS",
      converter = Span.Converter.class,
      description = "Silence of the server before the first probe (default: ${DEFAULT-VALUE}).")
  private Span idle;

  @Option(
      names = "--intvl",
      paramLabel = "SECONDS",
      converter = Span.Converter.class,
      description = "From one unanswered probe to the next (default: ${DEFAULT-VALUE}).")
  private Span intvl;

  @Option(
      names = "--cnt",
      paramLabel = "N",
      converter = Count.class,
      description = {
        "Unanswered probes that make a connection dead (default: ${DEFAULT-VALUE}).",
        "A dead server is found idle + intvl * cnt after it was last heard."
      })
  private int cnt;

  /** Creates the options with a program's own defaults. */
  public ProbeOptions(Span idle, Span intvl, int cnt) {
    this.idle = idle;
    this.intvl = intvl;
    this.cnt = cnt;
  }

  /** Returns a timer that starts now. */
  public ProbeTimer timer() {
    return new ProbeTimer(idle.nanos(), intvl.nanos(), cnt, System::nanoTime);
  }
}
