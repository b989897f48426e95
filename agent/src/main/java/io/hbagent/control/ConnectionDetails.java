package io.hbagent.control;

/**
 * What others know about an open connection, beyond what the kernel says. On the agent's thread.
 */
public interface ConnectionDetails {

  /**
   * Adds what is known.
   *
   * @param number of the connection's descriptor
   */
  void describe(int number, ReportEntry into);
}
