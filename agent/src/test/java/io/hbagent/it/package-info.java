/**
 * The agent in JVMs of their own: unmodified programs, started with and without it, on every JDK
 * that {@code -Djdk.homes=} names. Options are read back from the kernel.
 */
package io.hbagent.it;
