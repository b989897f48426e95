package io.hbagent.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contents of the jar. It is on the application's class path, so the application can find its
 * entries; not those of the archives inside it, which are checked by the same rules.
 */
class JarXIT {
  /** A smaller jar lacks the weaver or the command line. */
  private static final long SMALLEST = 200_000;

  private static final long LARGEST = 1_500_000;
  private static final int JAVA_8 = 52;
  private static final int JAVA_9 = 53;
  private static final Path JAR = Path.of(System.getProperty("hb-agent.jar"));

  private Map<String, byte[]> outside;

  /** The entries of the jar and of its archives. */
  private Map<String, byte[]> all;

  @BeforeEach
  void open() throws IOException {
    outside = AgentJar.outside(JAR);
    all = AgentJar.all(JAR);
  }

  @Test
  void onlyEntryPointsAreOnTheClassPath() {
    assertEquals(
        List.of(
            "io/hbagent/AgentLoader.class",
            "io/hbagent/AgentMain.class",
            "io/hbagent/CliMain.class",
            "io/hbagent/cli.zip",
            "io/hbagent/rest.zip",
            "io/hbagent/start.zip"),
        outside.keySet().stream().filter(name -> !name.startsWith("META-INF/")).sorted().toList());
  }

  /** The manifest comes first, as programs that read a jar as a stream expect. */
  @Test
  void beginsWithTheManifest() {
    assertEquals("META-INF/MANIFEST.MF", outside.keySet().iterator().next());
  }

  @Test
  void holdsNothingOutsideItsPackageAndMetaInf() {
    assertEquals(
        List.of(),
        names()
            .filter(name -> !name.startsWith("io/hbagent/"))
            .filter(name -> !name.startsWith("META-INF/"))
            .toList());
  }

  @Test
  void metaInfHoldsNoSignatureVersionOrModule() {
    assertEquals(
        List.of(),
        names()
            .filter(name -> name.startsWith("META-INF/"))
            .filter(name -> !name.startsWith("META-INF/licenses/"))
            .filter(
                name ->
                    !Set.of("META-INF/MANIFEST.MF", "META-INF/LICENSE", "META-INF/NOTICE")
                        .contains(name))
            .toList());
    assertEquals(List.of(), names().filter(name -> name.contains("module-info")).toList());
  }

  @Test
  void referencesNoLibraryUnderItsOwnName() {
    for (String name : classes().toList()) {
      String constants = new String(bytes(name), StandardCharsets.ISO_8859_1);
      assertFalse(constants.contains("net/bytebuddy/"), name);
      assertFalse(constants.contains("Lpicocli/"), name);
    }
  }

  @Test
  void sizeIsWithinBounds() throws IOException {
    long size = Files.size(JAR);
    assertTrue(size >= SMALLEST && size <= LARGEST, "size is " + size);
  }

  @Test
  void classesAreForJava8SaveThoseOfJava9() throws IOException {
    Set<String> java9;
    Path sources = Path.of("src/main/java9");
    try (Stream<Path> files = Files.walk(sources)) {
      java9 =
          files
              .map(file -> sources.relativize(file).toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.replace(".java", ""))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    for (String name : classes().toList()) {
      byte[] bytes = bytes(name);
      int version = bytes[6] * 256 + bytes[7];
      boolean isJava9 = java9.contains(name.replaceAll("(\\$[^/]*)?\\.class$", ""));
      assertTrue(isJava9 ? version == JAVA_9 : version <= JAVA_8, name + " has version " + version);
    }
    assertEquals(
        List.of(),
        java9.stream().filter(name -> !name.startsWith("io/hbagent/hook/")).toList(),
        "only the bridge into java.base needs what Java 8 has not");
  }

  @Test
  void manifestHasTheAgentsAttributes() throws IOException {
    Attributes manifest =
        new Manifest(new ByteArrayInputStream(bytes("META-INF/MANIFEST.MF"))).getMainAttributes();
    for (String entryPoint : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
      String name = manifest.getValue(entryPoint);
      assertNotNull(name, entryPoint);
      assertNotNull(outside.get(name.replace('.', '/') + ".class"), entryPoint + ": " + name);
    }
    assertEquals("true", manifest.getValue("Can-Retransform-Classes"));
    assertEquals("hb-agent", manifest.getValue("Implementation-Title"));
    assertNotNull(manifest.getValue("Implementation-Version"));
    // Appending to the boot class path switches class data sharing off for the application, and
    // says so on its stderr.
    assertNull(manifest.getValue("Boot-Class-Path"));
    assertNull(manifest.getValue("Multi-Release"));
    assertNull(manifest.getValue("Class-Path"));
  }

  @Test
  void containsAllLicences() throws IOException {
    assertArrayEquals(Files.readAllBytes(Path.of("../LICENSE")), bytes("META-INF/LICENSE"));
    assertTrue(text("META-INF/LICENSE").contains("END OF TERMS AND CONDITIONS"));
    String notice = text("META-INF/NOTICE");
    assertTrue(notice.startsWith("hb-agent\n"), notice);
    for (String part : List.of("Byte Buddy", "ASM", "licenses/ASM")) {
      assertTrue(notice.contains(part), part);
    }
    assertTrue(text("META-INF/licenses/ASM").contains("INRIA, France Telecom"));
  }

  /** Every shaded library has a line in NOTICE. */
  @Test
  void everyShadedPartIsInTheNotice() {
    Set<String> parts =
        names()
            .filter(name -> name.startsWith("io/hbagent/shaded/"))
            .map(name -> name.split("/", -1)[3])
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of("bytebuddy", "picocli"), parts);
  }

  /** Otherwise two builds of one commit would differ. */
  @Test
  void everyEntryHasTheTimeOfTheManifest() throws IOException {
    Set<LocalDateTime> times = new HashSet<>();
    try (ZipFile jar = new ZipFile(JAR.toFile())) {
      for (ZipEntry entry : jar.stream().toList()) {
        times.add(entry.getTimeLocal());
        if (entry.getName().endsWith(".zip")) {
          ZipInputStream part = new ZipInputStream(jar.getInputStream(entry));
          for (ZipEntry in = part.getNextEntry(); in != null; in = part.getNextEntry()) {
            times.add(in.getTimeLocal());
          }
        }
      }
    }
    assertEquals(1, times.size(), times.toString());
  }

  private Stream<String> names() {
    return all.keySet().stream();
  }

  private Stream<String> classes() {
    return names().filter(name -> name.endsWith(".class"));
  }

  private String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private byte[] bytes(String name) {
    assertNotNull(all.get(name), name);
    return all.get(name);
  }
}
