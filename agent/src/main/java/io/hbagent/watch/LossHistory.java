package io.hbagent.watch;

/**
 * The losses that healthy connections have survived lately, as counts of probes or retransmissions
 * in a row.
 *
 * <p>At 2% loss each way a healthy connection that sends every second shows three retransmissions
 * in a row every four hours, and ten thousand of them show it every second: no fixed count tells
 * loss from a dead peer. So a count is convincing when it is above what was survived within the
 * last ten minutes by a margin. On a quiet network the margin alone decides. It has no clock: the
 * time is given.
 */
final class LossHistory {

  private static final int DEEPEST = 32;
  private static final int MEMORY_MILLIS = 600_000;

  private final int[] healedAt = new int[DEEPEST];
  private final boolean[] healed = new boolean[DEEPEST];

  /** Records that a connection which had shown this count answers again. */
  void survived(int count, int now) {
    int depth = Math.min(count, DEEPEST - 1);
    if (depth > 0) {
      healed[depth] = true;
      healedAt[depth] = now;
    }
  }

  /**
   * Returns the count from which on a connection counts as half-open.
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
