package io.hbagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An answer belongs to its request, however late it comes. */
class RequestQueueTest {

  private static final long LONG = 60_000;
  private static final long SHORT = 50;

  /** The test's thread is the owner. */
  private final RequestQueue queue = new RequestQueue(() -> true);

  /** On a thread of its own: the common pool has one on a machine with two processors. */
  private CompletableFuture<RequestQueue.Entry> ask(Request.Verb verb, long millis) {
    return CompletableFuture.supplyAsync(
        () -> queue.ask(new Request(verb, "", millis)), task -> new Thread(task).start());
  }

  @Test
  void lateAnswerIsNotGivenToTheNextRequest() throws Exception {
    CompletableFuture<RequestQueue.Entry> first = ask(Request.Verb.ATTACH, SHORT);
    RequestQueue.Entry attach = queue.take(LONG);
    assertTrue(first.get().taken);
    assertNull(first.get().answer);

    CompletableFuture<RequestQueue.Entry> second = ask(Request.Verb.DETACH, LONG);
    while (queue.size() == 0) {
      Thread.onSpinWait();
    }
    assertFalse(queue.answer(attach, Report.failed("the first")), "too late");
    RequestQueue.Entry detach = queue.take(LONG);
    assertEquals(Request.Verb.DETACH, detach.request.verb);
    assertFalse(second.isDone());
    Report answer = Report.failed("the second");
    assertTrue(queue.answer(detach, answer));
    assertSame(answer, second.get().answer);
  }

  @Test
  void requestThatIsNotTakenInTimeIsWithdrawn() throws Exception {
    RequestQueue.Entry entry = ask(Request.Verb.DETACH, SHORT).get();
    assertFalse(entry.taken);
    assertNull(entry.answer);
    assertNull(queue.take(0));
  }

  @Test
  void severalAreTakenInTheirOrder() throws Exception {
    CompletableFuture<RequestQueue.Entry> first = ask(Request.Verb.ATTACH, LONG);
    while (queue.size() == 0) {
      Thread.onSpinWait();
    }
    CompletableFuture<RequestQueue.Entry> second = ask(Request.Verb.STATUS, LONG);
    while (queue.size() == 1) {
      Thread.onSpinWait();
    }
    for (Request.Verb verb : new Request.Verb[] {Request.Verb.ATTACH, Request.Verb.STATUS}) {
      RequestQueue.Entry entry = queue.take(LONG);
      assertEquals(verb, entry.request.verb);
      queue.answer(entry, Report.failed(verb.name()));
    }
    assertEquals("ATTACH", first.get().answer.failure());
    assertEquals("STATUS", second.get().answer.failure());
  }

  @Test
  void interruptDoesNotEndTheWaitAndIsKept() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    CompletableFuture<Report> answer = new CompletableFuture<>();
    Thread asking =
        new Thread(
            () -> {
              Request request = new Request(Request.Verb.STATUS, "", LONG);
              answer.complete(queue.ask(request).answer);
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    asking.start();
    RequestQueue.Entry entry = queue.take(LONG);
    for (int i = 0; i < 3; i++) {
      asking.interrupt();
      Thread.sleep(20);
    }
    assertFalse(answer.isDone());
    queue.answer(entry, Report.failed("in the end"));
    assertEquals("in the end", answer.get().failure());
    assertTrue(interrupted.get());
  }

  @Test
  void ownerThatHasDiedIsNotWaitedFor() {
    RequestQueue abandoned = new RequestQueue(() -> false);
    assertNull(abandoned.ask(new Request(Request.Verb.STATUS, "", LONG)).answer);
  }

  @Test
  void anAttachThatFailedNamesWhatIsLeft() {
    assertEquals(
        "the agent could not start in it (its thread died), and took everything back but for this:"
            + " x; check that hb-agent.jar is whole and that the JVM has memory left, then try again",
        AttachHandler.failed("its thread died", "x").failure());
    assertTrue(
        AttachHandler.failed("y", null).failure().contains("(y), and took everything back;"));
  }
}
