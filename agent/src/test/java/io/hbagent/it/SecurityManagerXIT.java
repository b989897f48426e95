package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.junit.jupiter.api.io.TempDir;

/** Applications that run under a security manager. */
class SecurityManagerXIT {

  private static final String[] APP = {
    "--families=4",
    "socket-connect",
    "serversocket-accept",
    "channel-connect",
    "channel-nonblocking-selector",
    "serverchannel-accept",
    "async-connect-future",
    "asyncserver-future-pending",
    "conflict-socket-after-setKeepAlive",
    "conflict-channel-after-SO_KEEPALIVE"
  };

  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> worksWithAllPermission() {
    return on8(
        jdk -> {
          String granted = policy("security.policy", "agent.policy");
          ProbeRun run = secured(jdk, granted).agent(ProbeRun.OPTIONS).probe(APP);
          run.all(ProbeRun.POLICY).noFailures();
          StartLine.only(run);
        });
  }

  @TestFactory
  Stream<DynamicTest> rulesAndConfigFileToo() {
    return on8(
        jdk -> {
          Path file =
              Text.write(
                  folder.resolve("rules.properties"),
                  "rules = local",
                  "rule.local.remote = 127.0.0.0/8",
                  "rule.local.idle = 9");
          String granted = policy("security.policy", "agent.policy");
          secured(jdk, granted)
              .agent("config=" + file)
              .probe(APP)
              .all("keepalive=1 idle=9 intvl=5 cnt=3 user-timeout=0")
              .noFailures();
        });
  }

  @TestFactory
  Stream<DynamicTest> oneLineWithoutPermissions() {
    return on8(
        jdk -> {
          String refused = policy("security.policy");
          ProbeRun without = secured(jdk, refused).probe(APP);
          ProbeRun run = secured(jdk, refused).agent(ProbeRun.OPTIONS).probe(APP);
          assertEquals(without.printed(), run.printed(), run.forked().describe("standard output"));
          List<String> err = run.forked().err();
          run.check(
              err.size() == 1 && err.get(0).startsWith("hb-agent: "), "one line, hb-agent: …");
          run.check(err.get(0).contains("AllPermission"), "the cure");
        });
  }

  /** Shows that the policy does restrict the application. */
  @TestFactory
  Stream<DynamicTest> applicationIsRestricted() {
    return on8(
        jdk -> {
          String granted = policy("agent.policy");
          ProbeRun run = secured(jdk, granted).agent(ProbeRun.OPTIONS).run(APP);
          run.check(run.exit() != 0, "refused by the security manager");
        });
  }

  /** The agent's jar has no permissions, but the security manager is set after its start. */
  @TestFactory
  Stream<DynamicTest> managerSetByMainDuringStart() {
    return Jdk.each(jdk -> jdk.version() < 24, this::setByMain);
  }

  private void setByMain(Jdk jdk) throws Exception {
    Path file = Text.write(folder.resolve(jdk.version() + ".conf"), "idle = 7", "watchdog = true");
    Path policy =
        Text.write(
            folder.resolve("main.policy"),
            "grant codeBase \"" + AttachTargetApp.jar().toUri() + "\" {",
            "  permission java.security.AllPermission;",
            "};");
    try (AttachTargetApp app =
        AttachTargetApp.start(
            jdk,
            jdk.version() < 18 ? "-Dmanager=set" : "-Djava.security.manager=allow",
            "-Dmanager=set",
            "-Djava.security.policy==" + policy,
            "-javaagent:" + Jvm.AGENT + "=config=" + file)) {
      app.forked().awaitErr(0, StartLine::isStart);
      Text.write(file, "idle = 8", "watchdog = true");
      app.forked().awaitErr(0, line -> line.contains(" event=reloaded "));
      assertEquals(List.of("bean 0"), app.command("jmx get Failures"));
    }
  }

  private static Stream<DynamicTest> on8(ThrowingConsumer<Jdk> test) {
    return Jdk.each(jdk -> jdk.version() == 8, test);
  }

  private static Jvm secured(Jdk jdk, String policy) {
    return new Jvm(jdk)
        .option("-Djava.security.manager")
        .option("-Djava.security.policy==" + policy)
        .option("-Dtestapp.url=" + Jvm.TESTAPP.toUri())
        .option("-Dhb-agent.url=" + Jvm.AGENT.toUri());
  }

  /** Writes the parts into one policy file and returns its path. */
  private String policy(String... parts) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      try (InputStream in = SecurityManagerXIT.class.getResourceAsStream(part)) {
        text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return Files.writeString(folder.resolve("all.policy"), text).toString();
  }
}
