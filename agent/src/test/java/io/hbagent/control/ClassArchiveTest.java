package io.hbagent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The archive that options name, and its use. */
class ClassArchiveTest {

  private static final String MAPS =
      """
      7ffc00000-7ffcc6000 rw-p 00a54000 fe:00 2222029                          /srv/app.aot
      7f1cfb400000-7f1d03f33000 r--s 00000000 fe:00 328734                     /opt/jdk/modules
      7ffc00000-7ffcc6000 rw-p 00a54000 fe:00 2222030              /srv/old.aot (deleted)
      """;

  private static ClassArchive of(String... options) {
    return ClassArchive.of(List.of(options));
  }

  @Test
  void theLastOptionHolds() {
    assertEquals(null, of("-Xmx1g", "-jar").file());
    assertEquals("b", of("-XX:AOTCache=a", "-XX:AOTCache=b").file());
    assertEquals("top.jsa", of("-XX:SharedArchiveFile=base.jsa:top.jsa").file());
    assertEquals("a=b", of("-XX:AOTCache=a=b").file());
    assertEquals(null, of("-XX:AOTCache=a", "-XX:AOTMode=off").file());
    assertEquals(null, of("-XX:AOTCache=a", "-XX:AOTMode=create").file(), "training");
    assertEquals("a", of("-XX:AOTCache=a", "-XX:AOTMode=record", "-XX:AOTMode=auto").file());
    assertEquals(null, of("-XX:SharedArchiveFile=a", "-Xshare:off").file());
    assertTrue(of("-XX:AOTCache=a", "-XX:AOTMode=on").isRequired());
  }

  @Test
  void aFileIsUsedWhileItIsMapped() {
    ClassArchive app = of("-XX:AOTCache=app.aot");
    assertEquals(ClassArchive.State.USED, app.state(MAPS, "/srv/app.aot"));
    assertEquals(ClassArchive.State.USED, app.state(MAPS, "/srv/old.aot"), "replaced since");
    assertEquals(ClassArchive.State.LOST, app.state(MAPS, "/srv/app"));
    assertEquals(ClassArchive.State.LOST, app.state(MAPS, "srv/app.aot"));
    assertEquals(null, app.state("", "/srv/app.aot"), "no /proc");
    assertEquals(ClassArchive.State.NONE, of().state(MAPS, "/srv/app.aot"));
    ClassArchive auto = of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=a.jsa");
    assertEquals(ClassArchive.State.NONE, auto.state(MAPS, "/srv/a.jsa"), "made at the end");
    assertTrue(auto.isDumpedAtExit());
  }

  @Test
  void theModuleComesWithAnOptionOrAnAgent() {
    assertFalse(of("--add-modules=java.instruments").hasModule());
    assertTrue(of("--add-modules=jdk.jfr,java.instrument").hasModule());
    assertTrue(of("-javaagent:other.jar=--add-modules=x").hasModule());
  }

  /** The cure names every module that options of this JVM bring. */
  @Test
  void theCureOfALoss() {
    String without = of("-XX:AOTCache=a").lossReason();
    assertTrue(without.endsWith("start the JVM with that as well, or with -javaagent"), without);
    String agent = "-javaagent:a.jar";
    String plain = of("-XX:AOTCache=a", agent).lossReason();
    assertTrue(plain.contains("AOT cache a,"), plain);
    assertTrue(plain.endsWith("--add-modules=java.instrument, or with this -javaagent"), plain);
    String recording = of("-XX:AOTCache=a", agent, "-XX:StartFlightRecording=x=y").lossReason();
    assertTrue(recording.endsWith("--add-modules=java.instrument,jdk.jfr"), recording);
    String managed =
        of("-Dcom.sun.management.jmxremote.port=1", "-XX:AOTCache=a", agent).lossReason();
    assertTrue(managed.endsWith("=java.instrument,jdk.management.agent"), managed);
    String archive = of("-XX:SharedArchiveFile=a").lossReason();
    assertFalse(archive.contains("modules"), archive);
  }

  @Test
  void theLastOfTwoOppositeOptionsHolds() {
    assertNull(of("-XX:AOTCache=a", "-Xshare:off").file());
    assertEquals("a", of("-XX:AOTCache=a", "-Xshare:off", "-Xshare:auto").file());
    assertFalse(
        of("-XX:+AutoCreateSharedArchive", "-XX:-AutoCreateSharedArchive").isDumpedAtExit());
  }

  /** Of the JVM that runs this test, which was started with no archive. */
  @Test
  void ofThisJvm() {
    Report report = Report.ok();
    of("-XX:AOTCache=/no/such").addTo(report);
    assertEquals("AOT cache /no/such", report.first("archive").text("name"));
    assertEquals("lost", report.first("archive").text("use"));
    assertEquals(1, report.all("warning").size());
    of().addTo(report);
    assertEquals(1, report.all("archive").size());
  }
}
