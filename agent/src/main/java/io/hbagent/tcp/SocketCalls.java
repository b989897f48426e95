package io.hbagent.tcp;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * The system calls of {@link Kernel} and {@link OpenSockets}. A descriptor is never null; an
 * IOException is the kernel's refusal.
 */
interface SocketCalls {

  /** Sets one int, as setsockopt(2). */
  void set(FileDescriptor fd, int level, int option, int value) throws IOException;

  /** Returns the first int of an option, as getsockopt(2). */
  int get(FileDescriptor fd, int level, int option) throws IOException;

  /**
   * Returns the struct of TCP_INFO, in the order of the machine: as much of it as this kernel fills
   * and this JDK can read, at least four bytes. The buffer may be used again by the next call.
   */
  ByteBuffer tcpInfo(FileDescriptor fd) throws IOException;

  /** Returns the events pending on a descriptor, as poll(2) with a timeout of 0. */
  int poll(FileDescriptor fd) throws IOException;

  /** Returns the local address; a socket that has none gets the wildcard address and port 0. */
  InetSocketAddress local(FileDescriptor fd) throws IOException;

  /** Returns the remote address; throws when the socket is not connected. */
  InetSocketAddress remote(FileDescriptor fd) throws IOException;

  /** Returns the number of an open descriptor, or -1. */
  int number(FileDescriptor fd);

  /** Returns a new descriptor object for a number. */
  FileDescriptor wrap(int number);

  /** Sets the number of a descriptor object. */
  void retarget(FileDescriptor wrapped, int number);

  /** Returns the numbers of the process's open descriptors, or null where they are not known. */
  String[] descriptors();

  /** Returns the inode of a descriptor that is a socket, else -1. */
  long inode(int number);

  /** Returns a new descriptor of the same socket, as dup(2). */
  FileDescriptor duplicate(int number) throws IOException;

  /** Closes a descriptor that {@link #duplicate} has made. */
  void close(FileDescriptor duplicate) throws IOException;

  /** Ends the connection of a TCP socket with a reset, as connect(2) to AF_UNSPEC. */
  void disconnect(FileDescriptor fd) throws IOException;
}
