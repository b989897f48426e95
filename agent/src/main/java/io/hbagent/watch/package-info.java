/**
 * The watchdog: the table of connections by descriptor number, the pure half-open detector (looks
 * in, findings out), the daemon thread that looks, and what it says.
 *
 * <p>{@link io.hbagent.watch.Watchdog} is the way in. A {@link io.hbagent.watch.Round} looks at
 * every connection once; {@link io.hbagent.watch.Detector} says what a look means; {@link
 * io.hbagent.watch.Suspects} keeps what is known of connections that are half-open; {@link
 * io.hbagent.watch.Reporter} counts, logs and records.
 */
package io.hbagent.watch;
