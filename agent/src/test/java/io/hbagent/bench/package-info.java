/**
 * Benchmarks, not tests: they print tables with the target beside each number and never fail a
 * build, because a time on a busy machine proves nothing. Run by the scripts in {@code
 * agent/src/bench}.
 *
 * <p>Every comparison is made of interleaved rounds in one run, so that whatever else the machine
 * does falls on all variants alike; each variant is a JVM of its own, because an agent cannot be
 * taken out of a JVM it was started with.
 */
package io.hbagent.bench;
