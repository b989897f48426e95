package io.hbagent.packaging;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Reads and copies the agent's jar and the archives inside it. */
public final class AgentJar {

  private static final String PART = "io/hbagent/[a-z]+\\.zip";

  private AgentJar() {}

  /** Returns the entries of the jar itself, in their order. */
  static Map<String, byte[]> outside(Path jar) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return entries;
  }

  /** Returns the entries of one archive by path. */
  static Map<String, byte[]> part(byte[] part) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(part))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(path(entry.getName()), in.readAllBytes());
      }
    }
    return entries;
  }

  /** Returns the names of the classes in one archive. */
  public static Set<String> classesOfPart(String part, Path jar) throws IOException {
    return part(outside(jar).get("io/hbagent/" + part + ".zip")).keySet().stream()
        .map(path -> path.replace(".class", "").replace('/', '.'))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Returns the entries of the jar and of its archives by path, without the archives themselves.
   */
  static Map<String, byte[]> all(Path jar) throws IOException {
    Map<String, byte[]> all = new TreeMap<>();
    for (Map.Entry<String, byte[]> entry : outside(jar).entrySet()) {
      if (entry.getKey().matches(PART)) {
        all.putAll(part(entry.getValue()));
      } else {
        all.put(entry.getKey(), entry.getValue());
      }
    }
    return all;
  }

  /** Writes a copy of a jar without the entries whose path, or whose archive's path, matches. */
  public static Path without(String regex, Path jar, Path copy) throws IOException {
    Map<String, byte[]> entries = outside(jar);
    entries.keySet().removeIf(name -> name.matches(regex));
    for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
      if (entry.getKey().matches(PART)) {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        write(part, part(entry.getValue()), regex);
        entry.setValue(part.toByteArray());
      }
    }
    return write(entries, copy);
  }

  /** Writes a copy of a jar in which one archive is truncated to so many bytes. */
  public static Path cut(String part, int length, Path jar, Path copy) throws IOException {
    Map<String, byte[]> entries = outside(jar);
    entries.computeIfPresent(
        "io/hbagent/" + part + ".zip", (name, bytes) -> Arrays.copyOf(bytes, length));
    return write(entries, copy);
  }

  private static Path write(Map<String, byte[]> entries, Path jar) throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
    return jar;
  }

  private static void write(OutputStream to, Map<String, byte[]> entries, String without)
      throws IOException {
    try (ZipOutputStream out = new ZipOutputStream(to)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        if (!entry.getKey().matches(without)) {
          CRC32 sum = new CRC32();
          sum.update(entry.getValue());
          ZipEntry stored = new ZipEntry(entry.getKey().replace('/', '.'));
          stored.setMethod(ZipEntry.STORED);
          stored.setSize(entry.getValue().length);
          stored.setCrc(sum.getValue());
          out.putNextEntry(stored);
          out.write(entry.getValue());
        }
      }
    }
  }

  /** Returns the path for a name: io/hbagent/version.txt for {@code io.hbagent.version.txt}. */
  private static String path(String name) {
    int end = name.lastIndexOf('.');
    return name.substring(0, end).replace('.', '/') + name.substring(end);
  }
}
