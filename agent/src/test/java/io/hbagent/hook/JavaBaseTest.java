package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The sentence about an agent of another version that was in this JVM. */
class JavaBaseTest {

  /** As of an agent that has defined it and never started. */
  public static final class Unversioned {
    public static final int SHAPE = -1;
    public static final String version = null;

    private Unversioned() {}
  }

  /** As of an agent that has been at work. */
  public static final class Versioned {
    public static final int SHAPE = -1;
    public static final String version = "0.0.1";

    private Versioned() {}
  }

  @Test
  void namesTheVersion() {
    assertEquals("hb-agent 0.0.1 was in this JVM", sentence(Versioned.class));
    assertEquals("hb-agent of another version was in this JVM", sentence(Unversioned.class));
    assertEquals("hb-agent of another version was in this JVM", sentence(Object.class));
  }

  private static String sentence(Class<?> bridge) {
    String text =
        assertThrows(ReflectiveOperationException.class, () -> JavaBase.checkShape(bridge))
            .getMessage();
    return text.substring(0, text.indexOf(" before"));
  }
}
