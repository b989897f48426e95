/**
 * The agent in JVMs of their own: unmodified programs, started with and without it, on every JDK
 * that {@code -Djdk.homes=} names. What counts is what the kernel says.
 */
package io.hbagent.it;
