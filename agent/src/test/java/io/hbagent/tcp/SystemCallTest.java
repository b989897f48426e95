package io.hbagent.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hbagent.tcp.SystemCall.Kind;
import org.junit.jupiter.api.Test;

/** Lines of {@code /proc/self/task/TID/syscall}. */
class SystemCallTest {

  private static final String REST = " 0x2000 0x0 0x0 0x0 0x7f5 0x7ffc8 0x7f51";

  private static SystemCall parse(String architecture, String line) {
    return SystemCall.parse(line, SystemCall.numbers(architecture));
  }

  @Test
  void aCallHasItsNumberAndArguments() {
    SystemCall read = parse("amd64", "0 0x1c 0x7f5102d3a010" + REST);
    assertEquals(Kind.READ, read.kind);
    assertEquals(28, read.descriptor());
    SystemCall poll = parse("amd64", "7 0x7f5102d3a010 0x1 0xffffffff" + REST);
    assertEquals(Kind.POLL, poll.kind);
    assertEquals(0x7f5102d3a010L, poll.first);
    assertEquals(1, poll.second);
    assertEquals(Kind.EPOLL, parse("amd64", "232 0x9 0x7f51" + REST).kind);
    assertEquals(Kind.READ, parse("aarch64", "207 0x1c 0xffff8" + REST).kind);
    assertEquals(Kind.POLL, parse("aarch64", "73 0xffff8 0x1" + REST).kind);
  }

  @Test
  void othersAreNone() {
    assertNull(parse("amd64", "running"));
    assertNull(parse("amd64", "-1 0x7ffc8 0x7f51"));
    assertNull(parse("amd64", "202 0x7f51 0x189" + REST), "futex");
    assertNull(parse("amd64", ""));
    assertNull(parse("amd64", "0 one two three"));
    assertNull(SystemCall.numbers("riscv64"));
  }
}
