package io.hbagent.libraries.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.it.KernelTimers;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RowTest {

  /** Kernel defaults of some machine; libraries use some of these numbers as well. */
  private static final KernelTimers KERNEL = new KernelTimers(60, 10, 9);

  @Test
  void whatTheLibraryLeavesToTheKernelIsCalledSo() {
    assertEquals("on (kernel's timers)", alone("60 10 9", "6 4 3"));
    assertEquals("on 30/1/kernel", alone("30 1 9", "30 1 3"));
    assertEquals("on 30/kernel/kernel", alone("30 10 9", "30 4 3"));
  }

  @Test
  void whatItSetsToTheSameNumberIsNot() {
    assertEquals("on 120/10/9", alone("120 10 9", "120 10 9"));
    assertEquals("on 60/10/9", alone("60 10 9", "60 10 9"));
  }

  private static String alone(String alone, String respected) {
    return Row.alone(options(alone), Set.of(options(respected)), KERNEL);
  }

  private static String options(String timers) {
    String[] each = timers.split(" ", -1);
    return "keepalive=1 idle="
        + each[0]
        + " intvl="
        + each[1]
        + " cnt="
        + each[2]
        + " user-timeout=0";
  }
}
