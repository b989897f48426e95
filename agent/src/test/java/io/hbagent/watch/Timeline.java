package io.hbagent.watch;

import io.hbagent.it.Forked;
import io.hbagent.it.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws docs/half-open.svg from a real run: four servers, the cable to their peer cut at one
 * moment, and what the kernel and the agent say from then on. Run by agent/src/bench/timeline.
 */
public final class Timeline {

  static final String POLICY = "idle=3,intvl=3,cnt=3";
  static final int SECONDS = 24;

  /** One connection: what was done, seen and said, in ms since the cut. */
  static final class Lane {
    final String title;
    final boolean data;
    final List<long[]> probes = new ArrayList<>();
    final List<long[]> retransmits = new ArrayList<>();
    long halfOpen = -1;
    long dead = -1;
    Forked app;
    int port;

    Lane(String title, boolean data) {
      this.title = title;
      this.data = data;
    }
  }

  private final Network network;
  private final List<Lane> lanes = new ArrayList<>();
  private Instant cut;

  private Timeline(Network network) {
    this.network = network;
  }

  /** Argument: the file to write. */
  public static void main(String[] args) throws Exception {
    try (Network network = Network.open()) {
      Timeline timeline = new Timeline(network);
      try {
        timeline.lane("idle, no keepalive", false, null);
        timeline.lane("idle, hb-agent", false, POLICY + ",watchdog=500ms");
        timeline.lane("data in flight, hb-agent", true, POLICY + ",watchdog=500ms");
        timeline.lane(
            "data in flight, user-timeout=adaptive",
            true,
            POLICY + ",watchdog=500ms,user-timeout=adaptive");
        timeline.run();
      } finally {
        for (Lane lane : timeline.lanes) {
          lane.app.close();
        }
      }
      Files.writeString(Path.of(args[0]), TimelineSvg.draw(timeline.lanes));
    }
  }

  private void lane(String title, boolean data, String options) throws Exception {
    Lane lane = new Lane(title, data);
    lane.port = 7001 + lanes.size();
    lane.app = network.startServer(List.of(Jdk.running().java()), options, "echo", lane.port);
    lanes.add(lane);
    lane.app.awaitOut(0, line -> line.startsWith("listening on "));
    if (options != null) {
      lane.app.awaitErr(0, line -> line.contains(" event=started "));
    }
  }

  private void run() throws Exception {
    try (Forked idle = crowd(false);
        Forked data = crowd(true)) {
      network.hole();
      cut = Instant.now();
      data.send("send");
      while (now() < SECONDS * 1_000L) {
        for (Lane lane : lanes) {
          observe(lane);
        }
        Thread.sleep(25);
      }
      idle.send("close");
    }
  }

  private long now() {
    return java.time.Duration.between(cut, Instant.now()).toMillis();
  }

  private Forked crowd(boolean data) throws Exception {
    return network.startCrowd(
        1, lanes.stream().filter(lane -> lane.data == data).map(lane -> lane.port).toList());
  }

  /** The kernel's counters, from /proc as the application's host has it; then the agent's lines. */
  private void observe(Lane lane) throws IOException {
    String port = String.format(":%04X", lane.port);
    long probes = 0;
    long retransmits = 0;
    for (String line : Files.readAllLines(Path.of("/proc/" + lane.app.pid() + "/net/tcp6"))) {
      String[] columns = line.trim().split(" +", -1);
      if (columns[1].endsWith(port) && columns[3].equals("01")) {
        retransmits = Long.parseLong(columns[6], 16);
        probes = Long.parseLong(columns[8]);
      }
    }
    climb(lane.probes, probes);
    climb(lane.retransmits, retransmits);
    for (Event event : Event.all(lane.app)) {
      long at = event.since(cut).toMillis();
      lane.halfOpen = event.name().equals("half-open") ? at : lane.halfOpen;
      lane.dead = event.name().equals("dead") ? at : lane.dead;
    }
  }

  private void climb(List<long[]> steps, long count) {
    long last = steps.isEmpty() ? 0 : steps.get(steps.size() - 1)[1];
    if (count > last) {
      steps.add(new long[] {now(), count});
    }
  }
}
