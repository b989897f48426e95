package io.hbagent.testapp.keepalive;

import io.hbagent.testapp.peer.Dialogue;
import io.hbagent.testapp.peer.Report;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Sends lines and shows whatever comes, as it comes: no protocol, no probes of its own. */
final class EchoDialogue implements Dialogue {
  private final Report report;

  EchoDialogue(Report report) {
    this.report = report;
  }

  @Override
  public byte[] probe() {
    throw new UnsupportedOperationException("the kernel probes");
  }

  @Override
  public byte[] message(String line) {
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int received(ByteBuffer bytes) {
    report.line("%s", StandardCharsets.UTF_8.decode(bytes).toString().trim());
    return 1;
  }

  @Override
  public int owed() {
    return 0;
  }

  @Override
  public void inputEnded() {
    // No protocol: every end is a good one.
  }
}
