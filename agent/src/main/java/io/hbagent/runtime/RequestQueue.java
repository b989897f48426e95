package io.hbagent.runtime;

/**
 * Brings requests to the agent's thread, one at a time, and answers back: whoever asks (an attach,
 * the MBean) runs on another thread, and only the agent's own may log and change what is in force.
 */
final class RequestQueue {

  /** Far above what the longest request takes; nobody waits for ever for a thread that is gone. */
  private static final long LIMIT_MILLIS = 30_000;

  private String request;
  private String answer;
  private boolean busy;

  /**
   * Asks and waits, on any thread.
   *
   * @return the answer, or null when there was none in time
   */
  String ask(String text) throws InterruptedException {
    long limit = System.currentTimeMillis() + LIMIT_MILLIS;
    synchronized (this) {
      while (busy) {
        long left = limit - System.currentTimeMillis();
        if (left <= 0) {
          return null;
        }
        wait(left);
      }
      busy = true;
      request = text;
      answer = null;
      notifyAll();
      try {
        while (answer == null) {
          long left = limit - System.currentTimeMillis();
          if (left <= 0) {
            return null;
          }
          wait(left);
        }
        return answer;
      } finally {
        request = null;
        busy = false;
        notifyAll();
      }
    }
  }

  /** Waits for a request, on the agent's thread; null when the time is over. */
  synchronized String take(long millis) throws InterruptedException {
    long limit = System.currentTimeMillis() + millis;
    while (request == null) {
      long left = limit - System.currentTimeMillis();
      if (left <= 0) {
        return null;
      }
      wait(left);
    }
    String taken = request;
    request = null;
    return taken;
  }

  /** Answers what was taken last. */
  synchronized void answer(String text) {
    answer = text;
    notifyAll();
  }
}
