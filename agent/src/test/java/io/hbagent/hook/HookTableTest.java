package io.hbagent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hbagent.hook.HookPoint.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tells a method that no row covers from one that another row covers. */
class HookTableTest {

  private final HookPoint[] rows = HookTable.create();

  @Test
  void nothingIsMissedWhereOneRowOfEachWayIsWoven() {
    // As on JDK 13 and newer.
    end("java/net/", State.ABSENT);
    end("sun/nio/ch/", State.WOVEN);
    assertEquals(List.of(), HookTable.missedOperations(rows));
  }

  @Test
  void aJdkThatHasRenamedMethodsIsMissed() {
    end("", State.WOVEN);
    end("java/net/AbstractPlainSocketImpl", State.ABSENT);
    end("sun/nio/ch/NioSocketImpl", State.ABSENT);
    assertEquals(List.of("accept of ServerSocket"), HookTable.missedOperations(rows));
    end("sun/nio/ch/UnixAsynchronous", State.ABSENT);
    assertEquals(2, HookTable.missedOperations(rows).size());
  }

  @Test
  void whatFailedIsReportedAsThatAndNotAsMissed() {
    end("", State.FAILED);
    assertEquals(List.of(), HookTable.missedOperations(rows));
  }

  private void end(String owner, State state) {
    for (HookPoint row : rows) {
      if (row.owner.startsWith(owner)) {
        row.state(state);
      }
    }
  }
}
