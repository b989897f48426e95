package io.hbagent.log;

import java.security.AccessController;
import java.security.PrivilegedAction;

/**
 * A thread of the agent: a daemon in the topmost thread group, so that it neither keeps the JVM
 * alive nor is among the application's threads.
 *
 * <p>It ignores interrupts, which some applications send to every thread they find. It runs with
 * the permissions of the agent's own code, whatever code is on the stack of the thread that created
 * it (JDK 8 to 23). What ends it does not reach the application's default handler, which may end
 * the process; its work counts or reports it.
 *
 * <p>It inherits the inheritable thread-local values of the thread that creates it: main's before
 * the application's main, an agent's thread later. Only where the process had no thread to spare is
 * it created by a JMX client's thread, whose values it then keeps reachable.
 */
public final class DaemonThread extends Thread implements Thread.UncaughtExceptionHandler {

  /**
   * The pause of a thread of the agent after an OutOfMemoryError, in ms. Each attempt where there
   * is no memory can cost the application a collection of its whole heap.
   */
  public static final int OUT_OF_MEMORY_MILLIS = 5_000;

  private final PrivilegedAction<?> work;

  /** Creates a thread that is not started yet. */
  public DaemonThread(String name, PrivilegedAction<?> work) {
    super(topmostGroup(), name);
    this.work = work;
    setDaemon(true);
    setContextClassLoader(DaemonThread.class.getClassLoader());
    setUncaughtExceptionHandler(this);
  }

  /** Returns the group that holds all threads of the JVM. */
  public static ThreadGroup topmostGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  @Override
  public void run() {
    AccessController.doPrivileged(work);
  }

  /** Waits until this thread has ended. An interrupt does not end the wait, and is kept. */
  public void awaitEnd(long millis) {
    boolean interrupted = false;
    long begin = System.nanoTime();
    long left = millis;
    while (left > 0 && isAlive()) {
      try {
        join(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      left = millis - (System.nanoTime() - begin) / 1_000_000;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does nothing. */
  @Override
  public void interrupt() {}

  /** Does nothing. */
  @Override
  public void uncaughtException(Thread ended, Throwable e) {}
}
