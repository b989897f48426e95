package io.hbagent.runtime;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import java.lang.instrument.UnmodifiableClassException;

/**
 * Accepts requests on the thread of an attach, of a JMX client or of a second agent, and has them
 * handled by the agent's thread. Answers as well when that thread does not.
 */
final class RequestHandler {

  /** Far above what a detach takes. */
  private static final long END_LIMIT_MILLIS = 20_000;

  private final Thread agent;
  private final Hooks hooks;
  private final RequestQueue queue;
  private volatile boolean ending;

  RequestHandler(Thread agent, Hooks hooks) {
    this.agent = agent;
    this.hooks = hooks;
    this.queue = new RequestQueue(agent::isAlive);
  }

  /** Has a request handled and returns the answer, both as text; not on the agent's thread. */
  String ask(String text) {
    Request request = Request.parse(text);
    if (request == null) {
      return Report.failed("it does not understand this; use its own version of hb-agent.jar")
          .toString();
    }
    try {
      return ask(request).toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Report.failed("interrupted while it waited for the agent; see status").toString();
    }
  }

  private Report ask(Request request) throws InterruptedException {
    RequestQueue.Entry entry = queue.ask(request);
    if (entry.answer() != null) {
      if (ending) {
        agent.join(END_LIMIT_MILLIS);
      }
      return entry.answer();
    }
    if (agent.isAlive() && entry.isTaken()) {
      return Report.failed("it has begun with this, and is not through yet; see status");
    }
    if (agent.isAlive() && !request.isDetach()) {
      return Report.failed(
          "the agent's thread is busy; the request was withdrawn, so nothing was changed: try again"
              + " with a longer --timeout, or see what its thread hb-agent does (jstack)");
    }
    return withoutThread(request);
  }

  /** The thread has ended on a fault of its own, or hangs: what can be done is to go away. */
  private Report withoutThread(Request request) {
    if (!request.isDetach()) {
      return Report.failed(
          "the agent's own thread does not answer (" + Failures.first() + "); detach it");
    }
    try {
      hooks.remove();
      agent.interrupt();
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      return Report.failed("the hooks cannot be taken out (" + e + "); restart the application");
    }
    Report report = Report.ok();
    report.add("done").add("what", "detached");
    report.add("open").add("kept", "all").add("turned-off", 0);
    return report;
  }

  /** Waits for a request, on the agent's thread; returns null after the given time. */
  RequestQueue.Entry take(long millis) throws InterruptedException {
    return queue.take(millis);
  }

  /** Answers a request that was taken, on the agent's thread, which may be about to end. */
  void answer(RequestQueue.Entry entry, Report report, boolean ends) {
    ending = ends;
    queue.answer(entry, report);
  }
}
