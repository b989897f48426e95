/**
 * Benchmarks: they print tables with the target beside each number and never fail a build, because
 * a time on a busy machine proves nothing. Run by the scripts in {@code agent/src/bench}.
 *
 * <p>Every comparison is made of interleaved rounds in one run, so that other load of the machine
 * affects all variants alike; each variant is a JVM of its own, because an agent cannot be taken
 * out of a JVM it was started with.
 */
package io.hbagent.bench;
