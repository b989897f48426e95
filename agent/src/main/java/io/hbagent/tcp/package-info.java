/**
 * The kernel by file descriptor: get and set options, TCP_INFO, addresses, the sockets of the
 * process and the threads that wait on them, the descriptors of the process. The only package that
 * knows {@code sun.nio.ch}'s natives and option numbers. Uses the JDK alone.
 */
package io.hbagent.tcp;
