import static java.nio.charset.StandardCharsets.UTF_8;

import io.hbagent.hook.JavaBase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Sorts the entries of the shaded jar into its parts, archives within the archive; see AgentLoader
 * for the purpose.
 *
 * <p>Run by the build, from source, with the agent's classes at hand. What stays outside is what
 * the JVM itself reads: the entry points and META-INF. Every entry gets the time of the manifest,
 * so that the same classes give the same bytes.
 */
public class Parts {

  /** Entry points, which the application's class loader loads. */
  private static final Set<String> ENTRY_POINTS =
      Set.of(
          "io/hbagent/AgentMain.class", "io/hbagent/CliMain.class", "io/hbagent/AgentLoader.class");

  /** Packages of the classes in each part; all others are in the last one. */
  private static final Map<String, String> PART_OF =
      Map.of(
          "io/hbagent/cli/", "cli",
          "io/hbagent/shaded/picocli/", "cli",
          "io/hbagent/shaded/bytebuddy/agent/", "cli");

  /**
   * Rewrites a jar.
   *
   * @param arguments the jar; a file with the names of the classes every start needs, one a line
   */
  public static void main(String[] arguments) throws IOException {
    Path jar = Path.of(arguments[0]);
    Set<String> start =
        Files.readAllLines(Path.of(arguments[1])).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.trim().replace('.', '/') + ".class")
            .collect(Collectors.toCollection(TreeSet::new));
    Map<String, byte[]> outside = new LinkedHashMap<>();
    Map<String, Map<String, byte[]>> parts = new LinkedHashMap<>();
    for (String part : new String[] {"start", "rest", "cli"}) {
      parts.put(part, new LinkedHashMap<>());
    }
    LocalDateTime time;
    try (ZipFile in = new ZipFile(jar.toFile())) {
      time = in.getEntry("META-INF/MANIFEST.MF").getTimeLocal();
      for (ZipEntry entry : in.stream().filter(entry -> !entry.isDirectory()).toList()) {
        String name = entry.getName();
        byte[] bytes = in.getInputStream(entry).readAllBytes();
        if (ENTRY_POINTS.contains(name) || name.startsWith("META-INF/")) {
          outside.put(name, bytes);
        } else {
          String part = start.remove(name) ? "start" : part(name);
          parts.get(part).put(name.replace('/', '.'), renamed(name, bytes));
        }
      }
    }
    if (!start.isEmpty()) {
      throw new IOException(arguments[1] + " names what the jar does not hold: " + start);
    }
    Path fresh = jar.resolveSibling(jar.getFileName() + ".new");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(fresh), UTF_8)) {
      out.setLevel(Deflater.BEST_COMPRESSION);
      write(out, outside, time, false);
      for (Map.Entry<String, Map<String, byte[]>> part : parts.entrySet()) {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (ZipOutputStream inner = new ZipOutputStream(archive, UTF_8)) {
          write(inner, part.getValue(), time, true);
        }
        // The part that every start reads is not compressed, which saves 2 ms.
        boolean stored = part.getKey().equals("start");
        String name = "io/hbagent/" + part.getKey() + ".zip";
        write(out, Map.of(name, archive.toByteArray()), time, stored);
      }
    }
    Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String part(String name) {
    for (Map.Entry<String, String> each : PART_OF.entrySet()) {
      if (name.startsWith(each.getKey())) {
        return each.getValue();
      }
    }
    return "rest";
  }

  /** New names of the classes that are defined in java.base or linked to those. */
  private static byte[] renamed(String name, byte[] bytes) {
    boolean meant =
        name.endsWith(".class")
            && JavaBase.mustRename(name.substring(0, name.length() - ".class".length()));
    return meant ? JavaBase.rename(bytes) : bytes;
  }

  private static void write(
      ZipOutputStream out, Map<String, byte[]> entries, LocalDateTime time, boolean stored)
      throws IOException {
    for (Map.Entry<String, byte[]> each : entries.entrySet()) {
      ZipEntry entry = new ZipEntry(each.getKey());
      entry.setTimeLocal(time);
      if (stored) {
        CRC32 sum = new CRC32();
        sum.update(each.getValue());
        entry.setMethod(ZipEntry.STORED);
        entry.setCrc(sum.getValue());
        entry.setSize(each.getValue().length);
      }
      out.putNextEntry(entry);
      out.write(each.getValue());
      out.closeEntry();
    }
  }
}
