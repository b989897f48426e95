package io.hbagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ListCommandTest {

  @Test
  void thePolicyIsShownInBrief() {
    assertEquals("20/5/3", ListCommand.brief("1.0 idle=20s,intvl=5s,cnt=3,keepalive=on"));
    assertEquals(
        "7/5/3 +file", ListCommand.brief("1.0 idle=7s,intvl=5s,cnt=3,keepalive=on,config=/a"));
    assertEquals("off", ListCommand.brief("1.0 idle=20s,intvl=5s,cnt=3,keepalive=off"));
    assertEquals("disabled", ListCommand.brief("1.0 idle=20s,intvl=5s,cnt=3,enabled=false"));
  }

  /** It is a property of the target, whose user may write anything into it. */
  @Test
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPropertyOfAnySizeIsReadInLinearTime() {
    assertEquals("?", ListCommand.brief("1.0 " + "idle=1s,intvl=1s".repeat(100_000)));
    assertEquals("?", ListCommand.brief("idle=" + "1".repeat(1_000_000)));
  }
}
