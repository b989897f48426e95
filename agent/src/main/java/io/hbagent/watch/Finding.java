package io.hbagent.watch;

/** What a look at a connection has shown. */
enum Finding {
  /** Nothing has changed. */
  NOTHING,
  /** It depends on which timer the kernel runs for the connection: see {@link Detector#answer}. */
  ASK,
  /** It has become half-open. */
  HALF_OPEN,
  /** It was half-open, and the peer answers again. */
  RECOVERED,
  /** It is connected no more, and the descriptor is still open. */
  DISCONNECTED,
  /** The peer closed it long ago and the application has not. */
  HALF_CLOSED
}
