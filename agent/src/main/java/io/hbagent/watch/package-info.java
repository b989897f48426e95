/**
 * The watchdog: one object a connection, the detector of half-open connections, and the daemon
 * thread that checks every connection.
 *
 * <p>{@link io.hbagent.watch.Watchdog} is the entry point. A {@link io.hbagent.watch.Round} checks
 * every connection once; {@link io.hbagent.watch.Detector} finds the transitions; {@link
 * io.hbagent.watch.TransitionReporter} logs, counts and records them.
 */
package io.hbagent.watch;
