/**
 * The kernel by file descriptor: get and set options, the four-byte TCP_INFO, addresses, the
 * descriptors of the process. The only package that knows {@code sun.nio.ch}'s natives and option
 * numbers. Uses the JDK alone.
 */
package io.hbagent.tcp;
