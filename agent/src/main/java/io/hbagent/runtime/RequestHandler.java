package io.hbagent.runtime;

import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import java.io.IOException;
import java.lang.instrument.UnmodifiableClassException;

/**
 * Where requests for the agent's thread are brought: by the thread of an attach, of the managed
 * bean's client, or of a second agent. It still answers when the agent's thread does not.
 */
final class RequestHandler {

  /** Far above what a detach takes. */
  private static final long END_LIMIT_MILLIS = 20_000;

  private final Thread agent;
  private final Hooks hooks;
  private final RequestQueue mailbox = new RequestQueue();
  private volatile boolean ending;

  RequestHandler(Thread agent, Hooks hooks) {
    this.agent = agent;
    this.hooks = hooks;
  }

  /** Has a request handled; on any other thread than the agent's. */
  String ask(String request) throws InterruptedException {
    String answer = agent.isAlive() ? mailbox.ask(request) : null;
    if (answer == null) {
      return withoutThread(Request.parse(request)).toString();
    }
    if (ending) {
      agent.join(END_LIMIT_MILLIS);
    }
    return answer;
  }

  /** The same for a managed bean, which is on its client's thread. */
  String askManaged(String request) {
    try {
      return ask(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Report.failed("interrupted").toString();
    }
  }

  /** The thread has ended on a fault of its own, or hangs: what can be done is to go away. */
  private Report withoutThread(Request request) {
    boolean leave =
        request != null
            && (request.verb() == Request.Verb.DETACH || request.verb() == Request.Verb.RESTORE);
    if (!leave) {
      return Report.failed(
          "the agent's own thread does not answer (" + Failures.first() + "); detach it");
    }
    try {
      hooks.remove();
      agent.interrupt();
    } catch (IOException | UnmodifiableClassException | RuntimeException | LinkageError e) {
      return Report.failed("the hooks cannot be taken out (" + e + "); restart the application");
    }
    Report report = Report.ok();
    report.add("done").add("what", "detached");
    report.add("open").add("kept", "all").add("turned-off", 0);
    return report;
  }

  /** Waits for a request, on the agent's thread; null when the time is over. */
  String take(long millis) throws InterruptedException {
    return mailbox.take(millis);
  }

  /** Answers what was taken last, on the agent's thread, which may be about to end. */
  void answer(String text, boolean ends) {
    ending = ends;
    mailbox.answer(text);
  }
}
