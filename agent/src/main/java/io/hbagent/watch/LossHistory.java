package io.hbagent.watch;

/**
 * How lossy the network is lately: from which counts healthy connections have come back, probes and
 * retransmissions alike.
 *
 * <p>One packet in fifty lost is weather, not death, and no fixed count can tell the two apart: at
 * 2% loss each way a healthy connection that sends every second shows three retransmissions every
 * four hours, and ten thousand of them show it every second. So a count proves something when it is
 * above what was survived within the last ten minutes by a margin. On a quiet network the margin
 * alone decides. Pure: the time is given.
 */
final class LossHistory {

  private static final int DEEPEST = 32;
  private static final int MEMORY_MILLIS = 600_000;

  private final int[] healedAt = new int[DEEPEST];
  private final boolean[] healed = new boolean[DEEPEST];

  /** A connection that had come to this count answers again. */
  void survived(int count, int now) {
    int depth = Math.min(count, DEEPEST - 1);
    if (depth > 0) {
      healed[depth] = true;
      healedAt[depth] = now;
    }
  }

  /**
   * The count from which on a connection is suspect.
   *
   * @param margin what it must be above the greatest count that was survived lately
   */
  int threshold(int margin, int now) {
    for (int depth = DEEPEST - 1; depth > 0; depth--) {
      if (healed[depth]) {
        // Unsigned: what was survived 25 days ago is not to come.
        if (Integer.compareUnsigned(now - healedAt[depth], MEMORY_MILLIS) < 0) {
          return depth + margin;
        }
        healed[depth] = false;
      }
    }
    return margin;
  }
}
