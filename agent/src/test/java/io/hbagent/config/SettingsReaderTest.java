package io.hbagent.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.Policy;
import io.hbagent.keepalive.Role;
import io.hbagent.keepalive.Rule;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers, values, errors and the round trip of the settings. */
class SettingsReaderTest {
  @TempDir Path folder;

  private static Settings read(String arguments) throws BadOption {
    return SettingsReader.read(arguments, null, null);
  }

  private Settings readFile(String... lines) throws BadOption, IOException {
    return SettingsReader.read(null, null, file(lines));
  }

  private File file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("hb.properties"), String.join("\n", lines)).toFile();
  }

  private static Policy policy(Settings settings) {
    return settings.rules().otherwise();
  }

  @Test
  void defaultsFindADeadPeerIn35Seconds() throws BadOption {
    Settings settings = read(null);
    assertEquals(new Policy(true, 20, 5, 3, 0), policy(settings));
    assertEquals(35, policy(settings).deadAfter());
    assertEquals(Conflict.ENFORCE, settings.conflict());
    assertTrue(settings.enabled());
    assertEquals("defaults", settings.source());
  }

  @ParameterizedTest
  @CsvSource({
    "idle=5, 5",
    "idle=5s, 5",
    "idle=2m, 120",
    "idle=1h, 3600",
    "idle=5000ms, 5",
    "idle=32767, 32767"
  })
  void durationsHaveUnits(String text, int seconds) throws BadOption {
    assertEquals(seconds, policy(read(text)).idle());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "idle=0",
        "idle=32768",
        "idle=-1",
        "idle=",
        "idle=5x",
        "idle=1500ms",
        "idle=99999999999",
        "intvl=0",
        "cnt=0",
        "cnt=128",
        "cnt=3.5",
        "cnt=٣",
        "keepalive=maybe",
        "user-timeout=5000000",
        "user-timeout=soon",
        "conflict=fight",
        "enabled=yes",
        "log=",
        "log-level=loud",
        "log-max-size=",
        "log-max-size=k",
        "log-max-size=1000",
        "log-max-size=9k",
        "log-max-size=101g",
        "log-max-size=10mb",
        "log-backups=0",
        "log-backups=101",
        "strict=1",
        "help=x",
        "watchdog=maybe",
        "watchdog=99ms",
        "watchdog=2h",
        "watchdog=0",
        "half-closed-after=999ms",
        "half-closed-after=25h",
        "origin=1"
      })
  void badValuesAreNamedWithWhatIsAllowed(String text) {
    String message = assertThrows(BadOption.class, () -> read(text)).getMessage();
    String key = text.substring(0, text.indexOf('='));
    assertTrue(message.contains(text + " (agent arguments)"), message);
    assertTrue(message.contains("allowed is"), message);
    assertTrue(message.contains(Key.of(key).type.phrase), message);
    assertFalse(message.contains("\n"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "idel=5,idle",
    "interval=5,intvl",
    "count=3,cnt",
    "conflct=enforce,conflict",
    "x=1,cnt"
  })
  void unknownKeysGetTheNearestKnown(String text, String nearest) {
    String message = assertThrows(BadOption.class, () -> read(text)).getMessage();
    assertTrue(message.contains(text), message);
    assertTrue(message.contains("did you mean " + nearest + "?"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "idle=5, false, 0, 60000, false",
    "watchdog, true, 0, 60000, false",
    "watchdog=true, true, 0, 60000, false",
    "watchdog=false, false, 0, 60000, false",
    "watchdog=2s, true, 2000, 60000, false",
    "watchdog=100ms, true, 100, 60000, false",
    "watchdog=1h, true, 3600000, 60000, false",
    "'watchdog=2,half-closed-after=5m,origin=true', true, 2000, 300000, true",
    "origin, false, 0, 60000, true"
  })
  void theWatchdogHasAnIntervalOrTheStandardOne(
      String text, boolean on, int interval, int halfClosedAfter, boolean origin) throws BadOption {
    Settings settings = read(text);
    assertEquals(on, settings.watchdog());
    assertEquals(interval, settings.watchInterval());
    assertEquals(halfClosedAfter, settings.halfClosedAfter());
    assertEquals(origin, settings.origin());
    assertEquals(settings.toString(), read(settings.toString()).toString());
  }

  @Test
  void aFileIsOverruledInTheWatchdogToo() throws Exception {
    File file = file("watchdog = 2s");
    assertFalse(SettingsReader.read("watchdog=false", null, file).watchdog());
    assertEquals(0, SettingsReader.read("watchdog=true", null, file).watchInterval());
  }

  @Test
  void aKeyGivenTwiceIsAContradiction() {
    String message = assertThrows(BadOption.class, () -> read("idle=5,idle=6")).getMessage();
    assertTrue(message.contains("idle=6") && message.contains("idle=5"), message);
  }

  @Test
  void argumentsComeBeforeEnvironmentBeforeFileBeforeDefaults() throws Exception {
    File file = file("idle = 7", "intvl = 7", "cnt = 7");
    Settings settings = SettingsReader.read("idle=9", "idle=8,intvl=8", file);
    assertEquals(new Policy(true, 9, 8, 7, 0), policy(settings));
    assertEquals(file + ", HB_AGENT_OPTIONS, agent arguments", settings.source());
  }

  @Test
  void configNamesTheFileAndMustExist() throws Exception {
    File file = file("idle = 7");
    assertEquals(7, policy(read("config=" + file)).idle());
    String missing = new File(folder.toFile(), "none.properties").getPath();
    String message = assertThrows(BadOption.class, () -> read("config=" + missing)).getMessage();
    assertTrue(message.contains("config=" + missing), message);
  }

  @Test
  void aFileBesideTheJarNeedNotExistButIsWatched() throws BadOption {
    File absent = new File(folder.toFile(), "hb-agent.properties");
    Settings settings = SettingsReader.read(null, null, absent);
    assertFalse(settings.configRead());
    assertEquals(absent, settings.config());
  }

  /** As a bind mount of a missing file makes it. */
  @Test
  void aFolderBesideTheJarIsNamed() throws IOException {
    File beside = Files.createDirectory(folder.resolve("hb-agent.properties")).toFile();
    String message =
        assertThrows(BadOption.class, () -> SettingsReader.read(null, null, beside)).getMessage();
    assertEquals(
        "config=" + beside + " (beside the jar) is no regular file; give the path of one", message);
  }

  @Test
  void aQuotedValueMayHoldCommas() throws Exception {
    Path odd = Files.writeString(folder.resolve("a,b.properties"), "cnt=9");
    Settings settings = read("config=\"" + odd + "\",idle=6");
    assertEquals(new Policy(true, 6, 5, 9, 0), policy(settings));
    assertThrows(BadOption.class, () -> read("config=\"" + odd));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "idle=5,intvl=6,cnt=4",
        "keepalive=off",
        "user-timeout=derived,conflict=respect",
        "log=x.log,log-max-size=1500k,log-backups=7",
        "user-timeout=30s,log=\"/tmp/a,b.log\",log-level=debug,strict=true,enabled=false"
      })
  void printedSettingsReadBackAsTheSame(String text) throws BadOption {
    Settings first = read(text);
    Settings second = read(first.toString());
    assertEquals(first.toString(), second.toString());
    assertTrue(first.isSameAs(second));
  }

  /** A key that is not printed would be lost where printed settings are read back. */
  @ParameterizedTest
  @EnumSource(Key.class)
  void everyKeyIsPrinted(Key key) {
    SettingValues values = new SettingValues();
    values.set(key, "other");
    boolean printed =
        key.scope == Key.Scope.POLICY || key.scope == Key.Scope.GLOBAL || key == Key.CONFIG;
    assertEquals(printed, values.toString().contains(key.text + "=other"));
  }

  @ParameterizedTest
  @CsvSource({"off, 0", "10k, 10240", "1500k, 1536000", "10m, 10485760", "100g, 107374182400"})
  void sizesHaveUnits(String text, long bytes) throws BadOption {
    assertEquals(bytes, read("log-max-size=" + text).logMaxSize());
  }

  @Test
  void userTimeoutIsDerivedAndWarnedOf() throws BadOption {
    Settings settings = read("idle=5,intvl=5,cnt=3,user-timeout=derived");
    assertEquals(20_000, policy(settings).userTimeout());
    assertEquals(1, settings.warnings().size());
    assertTrue(settings.warnings().get(0).contains("living peer"), settings.warnings().get(0));
    assertTrue(read("idle=5").warnings().isEmpty());
  }

  @Test
  void rulesStandInTheirOrderAndInheritTheGeneralPolicy() throws Exception {
    Settings settings =
        readFile(
            "idle = 30",
            "rules = health, db",
            "rule.db.remote = 10.20.0.0/16:5432, [2001:db8::]/32, *:6432",
            "rule.db.idle = 60",
            "rule.health.local = :8080",
            "rule.health.role = server",
            "rule.health.keepalive = off");
    assertEquals(2, settings.rules().list().size());
    Rule health = settings.rules().list().get(0);
    Rule db = settings.rules().list().get(1);
    assertEquals("health", health.name);
    assertEquals(Role.SERVER, health.role);
    assertFalse(health.policy.keepalive());
    assertEquals(new Policy(true, 60, 5, 3, 0), db.policy);
    int decision =
        settings.rules().decide(Role.CLIENT, InetAddress.getByName("10.20.3.4"), 5432, null);
    assertEquals(db.policy, settings.rules().policy(decision));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rules = db|rule.db",
        "rule.db.remote = *:1|add db to rules=",
        "rules = db\\nrule.db.remote = db.example:5432|host names",
        "rules = db\\nrule.db.remote = 10.0.0.0/33|prefix length",
        "rules = db\\nrule.db.remote = 2001:db8::1|brackets",
        "rules = db\\nrule.db.remote = :70000|port",
        "rules = db\\nrule.db.idle = 60|every connection",
        "rules = db\\nrule.db.role = peer|client or server",
        "rules = db\\nrule.db.remot = *:1|did you mean rule.db.remote?",
        "rules = db, db\\nrule.db.remote = *:1|twice",
        "rule.db = 5|rule.NAME.remote",
        "config = other|agent arguments",
        "idle = x|line 1"
      })
  void badFilesAreNamedWithTheirLine(String text, String expected) throws IOException {
    String[] lines = text.split("\\\\n");
    String message = assertThrows(BadOption.class, () -> readFile(lines)).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains(" line "), message);
  }

  @Test
  void enabledFalseIsForEverUnlessAFileSaysIt() throws Exception {
    assertTrue(read("enabled=false").inert());
    assertFalse(read("enabled=true").inert());
    assertFalse(readFile("enabled = false").inert());
    File file = file("enabled = false", "idle = 9");
    assertTrue(SettingsReader.read("enabled=false", null, file).inert());
    assertFalse(SettingsReader.read("enabled=true", null, file).inert());
    assertFalse(readFile("enabled = false").rules().otherwise().keepalive());
  }

  @Test
  void anUnknownKeyOfARuleIsAnsweredWithTheKeysOfRules() {
    String message =
        assertThrows(BadOption.class, () -> readFile("rules = db", "rule.db.conflict = respect"))
            .getMessage();
    assertTrue(
        message.endsWith(
            "Known in a rule are idle, intvl, cnt, keepalive, user-timeout, remote, local, role"),
        message);
  }

  @Test
  void aFolderAndWhatIsNotUtf8AreNamed() throws IOException {
    String message = assertThrows(BadOption.class, () -> read("config=" + folder)).getMessage();
    assertTrue(
        message.contains("config=" + folder) && message.contains("is no regular file"), message);
    Path latin = Files.write(folder.resolve("latin.properties"), new byte[] {'#', (byte) 0xE9});
    message = assertThrows(BadOption.class, () -> read("config=" + latin)).getMessage();
    assertTrue(message.contains("config=" + latin) && message.contains("UTF-8"), message);
  }

  @Test
  void badEscapeIsNamedWithItsLine() throws Exception {
    refused(
        "line 4 has a \\u without four hexadecimal digits; write \\\\ for a backslash",
        () -> readFile("# \\u", "idle = \\", "  5", "log = C:\\users\\x", "cnt = \\uzz"));
    refused("line 1 has a \\u", () -> readFile("log = \\u0041\\\\u \\", "b \\", " \\u12"));
    assertEquals("A", readFile("log = \\u00\\", "41").log());
  }

  /** A test run by root may read every file; a loop of links is read by no one. */
  @Test
  void reasonOfAFileThatCannotBeReadIsTheSystems() throws Exception {
    File file = file("idle = 5");
    assertTrue(file.setReadable(false, false));
    if (!file.canRead()) {
      refused("cannot be read (Permission denied)", () -> read("config=" + file));
    }
    File none = folder.resolve("none").toFile();
    refused(
        "config=" + none + " (agent arguments) does not exist, or may not be seen; give the path",
        () -> read("config=" + none));
  }

  /** A crash of the machine can leave one; read as empty, it would bring back every default. */
  @Test
  void aFileOfNulBytesIsNotEmpty() {
    String message = assertThrows(BadOption.class, () -> readFile("\0\0\0")).getMessage();
    assertTrue(message.contains("line 1"), message);
  }

  /** As Windows' editors write it. */
  @Test
  void aByteOrderMarkAndCarriageReturnsAreNoPartOfAKey() throws Exception {
    Settings settings = readFile("\uFEFFidle = 6\r", "cnt = 4\r");
    assertEquals(new Policy(true, 6, 5, 4, 0), policy(settings));
  }

  @Test
  void rulesCannotStandInTheArguments() {
    String message = assertThrows(BadOption.class, () -> read("rule.db.idle=5")).getMessage();
    assertTrue(message.contains("properties file"), message);
  }

  @Test
  void linesAreCountedThroughCommentsAndContinuations() throws IOException {
    String message =
        assertThrows(
                BadOption.class,
                () -> readFile("# comment \\", "", "rules = a, \\", "  b", "idel = 5"))
            .getMessage();
    assertTrue(message.contains("line 5"), message);
  }

  /** Each names the limit, in a line of bounded length; the file's size is not believed. */
  @Test
  void inputAboveALimitIsRefused() throws Exception {
    try (RandomAccessFile sparse = new RandomAccessFile(file(), "rw")) {
      sparse.setLength(1L << 30);
    }
    refused(
        " is too large (1073741824 bytes); allowed is 1 MiB; give a smaller file",
        () -> read("config=" + folder.resolve("hb.properties")));
    refused(
        " is too long (65537 characters); allowed are 65536; shorten it",
        () -> readFile("idle = " + "5".repeat(65_530)));
    refused("is not allowed", () -> readFile("idle = " + "5".repeat(65_529)));
    refused("idle = 555", () -> readFile("idle = " + "5".repeat(65_530)));
    refused(" (80007 characters or more); ", () -> readFile("a = \\", "5".repeat(80_000) + "\\"));
    refused("line 2", () -> readFile("cnt = 5", "idle = " + "5".repeat(60_000)));
    refused("did you mean", () -> readFile("i".repeat(60_000)));
    refused("is not allowed", () -> readFile("rules = a", "rule.a.remote = " + "x".repeat(60_000)));
    refused(
        "(65543 characters); allowed are 65536; shorten it",
        () -> read("idle=5," + "x".repeat(65_536)));
    refused("is not closed", () -> read("log=\"" + "x".repeat(60_000)));
    refused("10000 in a file", () -> readFile(keys(10_001)));
    refused("at most 1000 rules", () -> readFile(rules(1_001)));
    String list = String.join(",", Collections.nCopies(1_001, ":1"));
    refused("at most 1000 addresses", () -> readFile("rules = a", "rule.a.remote = " + list));
    assertEquals(1_000, readFile(rules(1_000)).rules().list().size());
  }

  private static void refused(String expected, Executable read) {
    String message = assertThrows(BadOption.class, read).getMessage();
    assertTrue(message.contains(expected), message);
    assertTrue(message.length() < 2_000, message);
  }

  private static String[] keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "rule.r" + i + ".idle = 5")
        .toArray(String[]::new);
  }

  private static String[] rules(int count) {
    List<String> lines = new ArrayList<>();
    StringBuilder names = new StringBuilder("rules = ");
    for (int i = 0; i < count; i++) {
      names.append('r').append(i).append(',');
      lines.add("rule.r" + i + ".remote = :" + (i + 1));
    }
    lines.add(names.toString());
    return lines.toArray(new String[0]);
  }

  @Test
  void tenTimesTheKeysTakeAboutTenTimesAsLong() throws Exception {
    String[] few = keys(1_000);
    String[] many = keys(10_000);
    long fewNanos = Long.MAX_VALUE;
    long manyNanos = Long.MAX_VALUE;
    for (int i = 0; i < 8; i++) {
      fewNanos = Math.min(fewNanos, nanos(few));
      manyNanos = Math.min(manyNanos, nanos(many));
    }
    assertTrue(manyNanos < 25 * fewNanos, manyNanos + " ns against " + fewNanos + " ns");
  }

  private long nanos(String... lines) throws IOException {
    File file = file(lines);
    ThreadMXBean threads = ManagementFactory.getThreadMXBean(); // the machine may be busy
    long start = threads.getCurrentThreadCpuTime();
    assertThrows(BadOption.class, () -> SettingsReader.read(null, null, file));
    return threads.getCurrentThreadCpuTime() - start;
  }

  @Test
  void onlyRegularFilesAreOpened() throws Exception {
    Path fifo = folder.resolve("fifo");
    assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "no mkfifo");
    for (String path : List.of(fifo.toString(), "/dev/zero", "/dev/null")) {
      refused(
          "config=" + path + " (agent arguments) is no regular file", () -> read("config=" + path));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "idle\u001b[31m = 5",
        "idle = 5\\n\u009b31m",
        "rules = a\u202e",
        "rules = a\u0007a",
        "rules = a\nrule.a.remote = a\u001b]0;",
        "rules = a\nrule.a.\u001b[2J = 5"
      })
  void messagesEscapeWhatTheyQuote(String text) {
    String message =
        assertThrows(BadOption.class, () -> readFile(text.split("\n", 0))).getMessage();
    assertTrue(message.matches("[ -~]*\\\\u[ -~]*"), message);
  }

  @Test
  void strictIsSeenEvenInOptionsThatAreBad() throws IOException {
    assertTrue(SettingsReader.isStrict("idle=0,strict=true", null, null));
    assertTrue(SettingsReader.isStrict("idle=0", "strict=true", null));
    assertFalse(SettingsReader.isStrict("strict=false", "strict=true", null));
    assertFalse(SettingsReader.isStrict("idle=0", null, null));
    assertTrue(SettingsReader.isStrict("idle=0", null, file("strict = true")));
    assertTrue(SettingsReader.isStrict("idle=\"0,strict=true", null, null));
  }
}
