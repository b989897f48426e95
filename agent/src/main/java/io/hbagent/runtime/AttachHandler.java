package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.Settings;
import io.hbagent.control.ReceivedRequest;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.control.Status;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.keepalive.SweepResult;
import io.hbagent.log.DaemonThread;
import io.hbagent.tcp.Options;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.security.PrivilegedAction;
import java.util.function.BiFunction;

/**
 * The target's side of an attach: hands the request to the agent that is at work here, or starts
 * one.
 *
 * <p>A start is carried out by the new agent's thread, which takes back what it has done if it
 * fails; where that thread has died, this one takes back. After a time the wait for it ends with
 * the answer that the start goes on.
 *
 * <p>Called on the JVM's Attach Listener thread, in a class loader that is new with each attach;
 * when no agent was started from it, nothing keeps it and it can be unloaded. Nothing is thrown: a
 * failure is the answer, and the application stays as it was.
 *
 * <p>The work is done on a thread of its own, which ignores interrupts: an application that
 * interrupts every thread it finds would otherwise have the request's file closed under it.
 */
public final class AttachHandler
    implements BiFunction<Object[], Instrumentation, String>, PrivilegedAction<Void> {

  /** Limit of the wait for a start, far above what it takes. */
  private static final int LIMIT_SECONDS = 20;

  private String arguments;
  private File jar;
  private Instrumentation instrumentation;
  private boolean started;

  /** Called by {@link io.hbagent.AgentMain}, from another class loader. */
  public AttachHandler() {}

  /**
   * Does what the arguments ask for.
   *
   * @param given the arguments, possibly null, and the {@link File} of the agent's jar
   * @return null always
   */
  @Override
  public String apply(Object[] given, Instrumentation ofTarget) {
    arguments = given[0] == null ? "" : (String) given[0];
    jar = (File) given[1];
    instrumentation = ofTarget;
    DaemonThread worker = new DaemonThread("hb-agent-attach", this);
    try {
      worker.start();
    } catch (OutOfMemoryError e) {
      run(); // the process may have no more threads
      return null;
    }
    worker.awaitEnd(Long.MAX_VALUE);
    return null;
  }

  @Override
  public Void run() {
    try {
      if (arguments.startsWith(ReceivedRequest.MARK)) {
        answerFile(arguments.substring(ReceivedRequest.MARK.length()));
      } else {
        // Attached by another tool, with plain options.
        Request request = new Request(Request.Verb.ATTACH, arguments, Request.DEFAULT_MILLIS);
        String failure = answer(request).failure();
        if (failure != null) {
          System.err.println("hb-agent: " + failure);
        }
      }
    } catch (IOException e) {
      // The command line has given up and deleted the file.
    } finally {
      if (!started) {
        close();
      }
    }
    return null;
  }

  private void answerFile(String path) throws IOException {
    try (ReceivedRequest received = ReceivedRequest.open(path)) {
      Request request = received.take();
      if (request != null) {
        received.answer(answer(request));
      }
    }
  }

  private Report answer(Request request) {
    Hooks hooks = new Hooks(instrumentation, false);
    try {
      String system = System.getProperty("os.name");
      if (Options.of(system) == null) {
        return Report.failed(
            "cannot set keepalive on " + system + ", whose option numbers it does not know");
      }
      if (Hooks.wereInstalledBefore()) {
        hooks.prepare();
        String answer = Hooks.ask(request.toString());
        if (answer != null) {
          Report report = Report.parse(answer);
          return report == null
              ? Report.failed("the agent that is there answers: " + answer)
              : report;
        }
      }
      return fresh(request, new SettingsSource(request.options, jar.getParentFile()), hooks);
    } catch (Throwable e) {
      return Report.failed(
          "cannot reach the sockets of this JVM ("
              + e
              + (e.getCause() == null ? "" : ", because of " + e.getCause())
              + "); nothing was changed");
    }
  }

  /** Handles a request in a JVM that no agent is at work in. */
  private Report fresh(Request request, SettingsSource source, Hooks hooks) throws Exception {
    boolean dryRun = request.verb == Request.Verb.DRY_RUN;
    if (request.verb != Request.Verb.ATTACH && !dryRun) {
      String cure = request.isDetach() ? "there is nothing to detach" : "use attach first";
      return Report.failed("hb-agent is not in it; " + cure);
    }
    Settings settings;
    try {
      settings = source.read();
    } catch (BadOption e) {
      return Report.failed(e.getMessage());
    }
    if (!settings.enabled() && !settings.configRead()) {
      return Report.failed(
          "enabled=false (" + settings.source() + ") asks for nothing to be done; leave it out");
    }
    if (dryRun) {
      hooks.openJavaBase();
      KeepaliveManager manager = new KeepaliveManager(settings.rules(), settings.conflict());
      SweepResult open = OpenConnections.preview(manager);
      return Status.of("dry-run", settings, null, manager.selfTest(), open);
    }
    hooks.prepare();
    return start(request, settings, source, hooks);
  }

  private Report start(Request request, Settings settings, SettingsSource source, Hooks hooks) {
    KeepaliveManager manager = new KeepaliveManager(settings.rules(), settings.conflict());
    AgentThread thread = new AgentThread();
    RequestQueue.Entry attach = new RequestQueue.Entry(request);
    ConnectionListener listener = new ConnectionListener(manager, thread);
    manager.table().noteOrigin(settings.watchdog() && settings.origin());
    thread.proceed(hooks, settings, source, manager, listener, attach);
    Throwable failure = null;
    try {
      listener.install(hooks);
      thread.start();
      thread.queue().await(attach, LIMIT_SECONDS * 1000);
    } catch (Throwable e) { // also the Error of a JVM that gets no more threads or no memory
      failure = e;
    }
    started = attach.answer == null ? thread.isAlive() : attach.answer.failure() == null;
    if (attach.answer != null) {
      return attach.answer;
    }
    if (started) {
      return Report.failed(
          "the agent did not start in it within "
              + LIMIT_SECONDS
              + " s, and goes on with it when the JVM is less busy; see status, or detach");
    }
    Throwable reason = failure == null ? Failures.first() : failure;
    String left = thread.takeBack(reason);
    if (failure != null) {
      return failed(failure.toString(), left);
    }
    return failed("its thread died" + (reason == null ? "" : " of " + reason), left);
  }

  /**
   * Returns the answer to an attach that was not finished.
   *
   * @param left what could not be taken back, or null
   */
  static Report failed(String reason, String left) {
    return Report.failed(
        "the agent could not start in it ("
            + reason
            + "), and took everything back"
            + (left == null ? "" : " but for this: " + left)
            + "; check that hb-agent.jar is whole and that the JVM has memory left, then try again");
  }

  private static void close() {
    try {
      ((Closeable) AttachHandler.class.getClassLoader()).close();
    } catch (IOException e) {
      // It is closed when it is collected.
    }
  }
}
