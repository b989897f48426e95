package io.hbagent.control;

/** Source of details about open connections beyond the kernel's. On the agent's thread. */
public interface ConnectionDetails {

  /**
   * Adds the details of a connection.
   *
   * @param number of the connection's descriptor
   */
  void describe(int number, Report.Entry into);
}
