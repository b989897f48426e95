package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class JvmFinderTest {

  @Test
  void mainClassIsFoundBehindOptions() {
    assertEquals("a.B", ProcessInfo.main(List.of("java", "-cp", "x.jar", "-Xmx1g", "a.B", "-c")));
    assertEquals("app.jar", ProcessInfo.main(List.of("java", "-Da=b", "-jar", "app.jar")));
    assertEquals(
        "a.b/a.b.C", ProcessInfo.main(List.of("java", "-p", "mods", "-m", "a.b/a.b.C", "x")));
    assertEquals("", ProcessInfo.main(List.of()));
  }

  private static List<String> found(String name, String... mains) {
    return JvmFinder.named(name, List.of(mains).stream().map(JvmFinderTest::jvm).toList()).stream()
        .map(ProcessInfo::main)
        .toList();
  }

  private static ProcessInfo jvm(String main) {
    return new ProcessInfo("1", main + " argument");
  }

  @Test
  void partOfANameIsEnough() {
    assertEquals(List.of("com.shop.OrderApp"), found("Order", "com.shop.OrderApp", "b.Main"));
    assertEquals(List.of("/srv/shop.jar"), found("shop.jar", "/srv/shop.jar", "b.Main"));
    assertEquals(List.of("a.App", "b.App"), found("App", "a.App", "b.App"));
    assertEquals(List.of(), found("Nobody", "a.App", "b.App"));
  }

  /** Else a JVM whose name is part of another's could not be named at all. */
  @Test
  void theWholeNameWinsOverAPart() {
    assertEquals(List.of("a.App"), found("App", "a.App", "a.AppServer", "MyApp"));
    assertEquals(List.of("a.App"), found("a.App", "a.App", "a.AppServer"));
    assertEquals(List.of("/x/app.jar"), found("app.jar", "/x/app.jar", "/x/my-app.jar"));
    assertEquals(List.of("/x/app.jar"), found("/x/app.jar", "/x/app.jar", "/y/x/app.jar"));
  }
}
