package io.hbagent.it;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code ss} of iproute2 says: the kernel's word, past any Java. */
final class Ss {

  private static final Pattern LINE =
      Pattern.compile("^ESTAB +\\d+ +\\d+ +(\\S+) +(\\S+)( +timer:\\((\\w+))?.*");

  private Ss() {}

  static boolean isThere() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "ss")));
  }

  /** {@code local remote} of every connection with this local or remote port: has keepalive? */
  static Map<String, Boolean> keepalive(String port) throws Exception {
    Map<String, Boolean> found = new TreeMap<>();
    List<String> command =
        new ArrayList<>(List.of("ss", "-Htano", "sport = :" + port + " or dport = :" + port));
    try (Forked ss = new Forked(new ProcessBuilder(command))) {
      ss.exit();
      for (String line : ss.out()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          found.put(
              plain(matcher.group(1)) + " " + plain(matcher.group(2)),
              "keepalive".equals(matcher.group(4)));
        }
      }
    }
    return Collections.unmodifiableMap(found);
  }

  private static String plain(String address) {
    return address.replace("[::ffff:", "").replace("]", "");
  }
}
