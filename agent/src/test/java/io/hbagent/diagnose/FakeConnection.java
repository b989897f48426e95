package io.hbagent.diagnose;

import io.hbagent.keepalive.Role;
import io.hbagent.tcp.SocketSnapshot;
import io.hbagent.tcp.TcpInfo;
import io.hbagent.tcp.Timers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Made-up facts: a client's idle and healthy connection, until something is changed. */
final class FakeConnection {

  /** Offsets in struct tcp_info, linux/tcp.h. */
  static final int STATE = 0;

  static final int RETRANSMITS = 2;
  static final int PROBES = 3;
  static final int BACKOFF = 4;
  static final int RTO = 8;
  static final int UNACKED = 24;
  static final int LAST_SENT = 44;
  static final int LAST_RECEIVED = 52;
  static final int LAST_ACK = 56;
  static final int RTT = 68;
  static final int TOTAL_RETRANSMITS = 100;
  static final int BYTES_RECEIVED = 128;
  static final int NOT_SENT = 144;
  static final int MIN_RTT = 148;
  static final int SEGMENTS_SENT = 156;
  static final int BYTES_SENT = 200;
  static final int BYTES_RETRANSMITTED = 208;
  static final int WINDOW = 228;

  private final ByteBuffer info = ByteBuffer.allocate(248).order(ByteOrder.nativeOrder());
  private Role role = Role.CLIENT;
  private boolean keepalive = true;
  private int cnt = 3;
  private long sendQueue;
  private long receiveQueue;
  private int timer = Timers.KEEPALIVE;
  private boolean short4;
  private String reader;
  private boolean readersKnown = true;
  private long opened = SocketSnapshot.UNKNOWN;
  private long unanswered = SocketSnapshot.UNKNOWN;
  private long peerClosed = SocketSnapshot.UNKNOWN;
  private long unchanged = SocketSnapshot.UNKNOWN;

  FakeConnection() {
    set(STATE, TcpInfo.ESTABLISHED).set(RTO, 204_000).set(RTT, 2_000).set(MIN_RTT, 1_000);
    set(LAST_SENT, 60_000).set(LAST_RECEIVED, 59_990).set(LAST_ACK, 12_000);
    set(BYTES_SENT, 1_000).set(BYTES_RECEIVED, 1_000).set(SEGMENTS_SENT, 10).set(WINDOW, 65_536);
  }

  FakeConnection set(int offset, long value) {
    if (offset < 8) {
      info.put(offset, (byte) value);
    } else if (offset == BYTES_SENT || offset == BYTES_RECEIVED || offset == BYTES_RETRANSMITTED) {
      info.putLong(offset, value);
    } else {
      info.putInt(offset, (int) value);
    }
    return this;
  }

  /** As the kernel has it before the first round trip was measured. */
  FakeConnection noRoundTrip() {
    return set(RTT, 0).set(MIN_RTT, 0xFFFFFFFFL);
  }

  FakeConnection server() {
    role = Role.SERVER;
    return this;
  }

  FakeConnection noKeepalive() {
    keepalive = false;
    timer = 0;
    return this;
  }

  FakeConnection cnt(int number) {
    cnt = number;
    return this;
  }

  FakeConnection queues(long send, long receive) {
    sendQueue = send;
    receiveQueue = receive;
    return this;
  }

  FakeConnection timer(int running) {
    timer = running;
    return this;
  }

  FakeConnection reader(String thread) {
    reader = thread;
    return this;
  }

  FakeConnection readersUnknown() {
    readersKnown = false;
    return this;
  }

  FakeConnection opened(long millis) {
    opened = millis;
    return this;
  }

  /** The watchdog has seen it. */
  FakeConnection unanswered(long millis) {
    unanswered = millis;
    return this;
  }

  FakeConnection peerClosed(long millis) {
    peerClosed = millis;
    return this;
  }

  FakeConnection unchanged(long millis) {
    unchanged = millis;
    return this;
  }

  /** On JDK 8 to 21 the struct has four bytes. */
  FakeConnection jdk8() {
    short4 = true;
    return this;
  }

  /** As an older kernel fills it. */
  FakeConnection kernelFills(int bytes) {
    info.limit(bytes);
    return this;
  }

  SocketSnapshot snapshot() {
    if (short4) {
      info.limit(4);
    }
    return new SocketSnapshot(info, sendQueue, receiveQueue, timer);
  }

  Diagnosis diagnosis() {
    ConnectionFacts facts = new ConnectionFacts(snapshot(), role, keepalive, 20, cnt);
    facts.reader = reader;
    facts.readersKnown = readersKnown;
    facts.opened = opened;
    facts.unanswered = unanswered;
    facts.peerClosed = peerClosed;
    facts.unchanged = unchanged;
    return Diagnosis.of(facts);
  }
}
