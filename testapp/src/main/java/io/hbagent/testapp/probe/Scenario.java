package io.hbagent.testapp.probe;

/** One way to get a connection: opens it, reports it, uses it, closes it. */
interface Scenario {
  void run(Setting setting) throws Exception;
}
