package io.hbagent.runtime;

import io.hbagent.control.Report;
import io.hbagent.control.Request;

/**
 * Accepts requests on the thread of an attach, of a JMX client or of a second agent, and has them
 * handled by the agent's thread. Answers as well when that thread does not.
 */
final class RequestHandler {

  /** Far above what a detach takes. */
  private static final long END_LIMIT_MILLIS = 20_000;

  private final AgentThread agent;
  private final RequestQueue queue;
  private volatile boolean ending;

  RequestHandler(AgentThread agent) {
    this.agent = agent;
    this.queue = new RequestQueue(agent::isAlive);
  }

  /** Has a request handled and returns the answer, both as text; not on the agent's thread. */
  String ask(String text) {
    Request request = Request.parse(text);
    if (request == null) {
      return Report.failed("it does not understand this; use its own version of hb-agent.jar")
          .toString();
    }
    return ask(request).toString();
  }

  private Report ask(Request request) {
    if (!agent.isRunning()) {
      return withoutThread(request);
    }
    RequestQueue.Entry entry = queue.ask(request);
    if (entry.answer() != null) {
      if (ending) {
        agent.awaitEnd(END_LIMIT_MILLIS);
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

  /** Answers on the thread that asks, where the agent's hangs or cannot be started. */
  private Report withoutThread(Request request) {
    if (agent.isOver()) {
      return Report.failed("hb-agent was detached");
    }
    if (request.verb == Request.Verb.DETACH) {
      return agent.detach(false);
    }
    if (request.verb == Request.Verb.RESTORE) {
      return agent.detach(true);
    }
    return Report.failed("the agent's thread " + agent.problem() + "; detach works all the same");
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
