package io.hbagent.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.Driver;

/**
 * The option {@code conflict} with pgjdbc, which turns keepalive off after every connect, and a
 * real server.
 */
class PostgresXIT {

  private static PostgresServer server;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path bin = PostgresServer.installed();
    assumeTrue(bin != null, "no PostgreSQL server here (Debian: apt install postgresql)");
    boolean isNamed = !System.getProperty("user.name").equals("?");
    assumeTrue(isNamed, "this user has no name, and initdb wants one");
    server = PostgresServer.start(bin);
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> enforced() {
    return Jdk.each(
        jdk -> probe(driver(jdk, "").agent(ProbeRun.OPTIONS)).all(ProbeRun.POLICY).noFailures());
  }

  @TestFactory
  Stream<DynamicTest> respected() {
    return Jdk.each(
        jdk ->
            probe(driver(jdk, "").agent(ProbeRun.OPTIONS + ",conflict=respect"))
                .all("keepalive=0 idle=5 intvl=5 cnt=3 user-timeout=0")
                .noFailures());
  }

  /** The driver's own option turns keepalive on, with the policy's timers. */
  @TestFactory
  Stream<DynamicTest> respectedWhenTheDriverTurnsItOn() {
    return Jdk.each(
        jdk ->
            probe(driver(jdk, "&tcpKeepAlive=true").agent(ProbeRun.OPTIONS + ",conflict=respect"))
                .all(ProbeRun.POLICY)
                .noFailures());
  }

  @TestFactory
  Stream<DynamicTest> withoutTheAgent() {
    return Jdk.each(jdk -> probe(driver(jdk, "")).noAgent());
  }

  private static Jvm driver(Jdk jdk, String more) {
    return new Jvm(jdk)
        .classPath(Jars.of(Driver.class))
        .option("-Dprobe.jdbc.url=" + server.url() + more)
        .option("-Dprobe.jdbc.port=" + server.port());
  }

  private static ProbeRun probe(Jvm jvm) throws IOException, InterruptedException {
    return jvm.probe("--families=4", "jdbc");
  }
}
