/**
 * One scenario for each way a Java program gets a socket, and the options that the kernel has for
 * it.
 *
 * <p>{@link io.hbagent.testapp.probe.Probe} is the program. It knows nothing of the agent; what it
 * prints is the same with and without one, but for the numbers. Everything it does stays on
 * loopback.
 */
package io.hbagent.testapp.probe;
