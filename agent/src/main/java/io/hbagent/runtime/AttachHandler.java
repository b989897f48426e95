package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.Settings;
import io.hbagent.control.Post;
import io.hbagent.control.Report;
import io.hbagent.control.Request;
import io.hbagent.control.StartReport;
import io.hbagent.control.Status;
import io.hbagent.control.SweepResultEntries;
import io.hbagent.hook.Failures;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenConnections;
import io.hbagent.tcp.OptionNumbers;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.function.BiFunction;

/**
 * What an attach does in the target: hands the request to the agent that is at work here, or starts
 * one.
 *
 * <p>On the JVM's Attach Listener thread, in a class loader that is new with each attach; when no
 * agent was started from it, nothing keeps it and it can be unloaded. Nothing is thrown: what goes
 * wrong is told to whoever asked, and the application stays as it was.
 */
public final class AttachHandler implements BiFunction<Object[], Instrumentation, String> {

  private boolean started;

  /** Called by {@link io.hbagent.AgentMain}, from another class loader. */
  public AttachHandler() {}

  /**
   * Does what the arguments ask for.
   *
   * @param given the arguments, possibly null, and the {@link File} of the agent's jar
   * @return null always; a JVM that runs is not refused anything
   */
  @Override
  public String apply(Object[] given, Instrumentation instrumentation) {
    String text = given[0] == null ? "" : (String) given[0];
    try {
      if (text.startsWith(Post.MARK)) {
        Post post = new Post(text.substring(Post.MARK.length()));
        Request request = post.read();
        if (request != null) {
          post.write(answer(request, (File) given[1], instrumentation));
        }
      } else {
        // Attached by another tool, with plain options.
        Request request = new Request(Request.Verb.ATTACH, text);
        String failure = answer(request, (File) given[1], instrumentation).failure();
        if (failure != null) {
          System.err.println("hb-agent: " + failure);
        }
      }
    } catch (IOException e) {
      // Whoever asked has given up and taken the file away.
    } finally {
      if (!started) {
        close();
      }
    }
    return null;
  }

  private Report answer(Request request, File jar, Instrumentation instrumentation) {
    Hooks hooks = new Hooks(instrumentation, false);
    try {
      String system = System.getProperty("os.name");
      if (OptionNumbers.of(system) == null) {
        return Report.failed(
            "cannot set keepalive on " + system + ", whose option numbers it does not know");
      }
      hooks.prepare();
      String answer = Hooks.ask(request.toString());
      if (answer != null) {
        Report report = Report.parse(answer);
        return report == null
            ? Report.failed("the agent that is there answers: " + answer)
            : report;
      }
      return fresh(request, new SettingsSource(request.options(), jar), hooks);
    } catch (Throwable e) {
      return Report.failed(
          "cannot reach the sockets of this JVM ("
              + e
              + (e.getCause() == null ? "" : ", because of " + e.getCause())
              + "); nothing was changed");
    }
  }

  private Report fresh(Request request, SettingsSource inputs, Hooks hooks) throws Exception {
    boolean dryRun = request.verb() == Request.Verb.DRY_RUN;
    if (request.verb() != Request.Verb.ATTACH && !dryRun) {
      return Report.failed("hb-agent is not in it; use attach first");
    }
    Settings settings;
    try {
      settings = inputs.read();
    } catch (BadOption e) {
      return Report.failed(e.getMessage());
    }
    if (!settings.enabled() && !settings.configRead()) {
      return Report.failed(
          "enabled=false (" + settings.source() + ") asks for nothing to be done; leave it out");
    }
    if (AgentThread.isTakingBack()) {
      return Report.failed(
          "an earlier attach was given up, and its thread is still taking back what it had begun;"
              + " try again in a moment, or restart the application when it never ends");
    }
    KeepaliveManager keeper = new KeepaliveManager(settings.rules(), settings.conflict());
    if (dryRun) {
      Report report = Report.ok();
      report.add("done").add("what", "dry-run");
      Status.settings(report, settings);
      SweepResultEntries.add(report, OpenConnections.preview(keeper));
      StartReport.warnings(report, settings);
      return report;
    }
    return start(settings, inputs, keeper, hooks);
  }

  private Report start(
      Settings settings, SettingsSource inputs, KeepaliveManager keeper, Hooks hooks) {
    AgentThread thread = new AgentThread();
    PendingAttach attempt = new PendingAttach();
    ConnectionListener listener = new ConnectionListener(keeper, thread);
    keeper.table().noteOrigin(settings.watchdog() && settings.origin());
    thread.proceed(hooks, settings, inputs, keeper, listener, attempt);
    Report report = null;
    Throwable failure = null;
    try {
      hooks.install(listener);
      thread.start();
      report = attempt.await(thread);
    } catch (Throwable e) { // also the Error of a JVM that gets no more threads or no memory
      failure = e;
    }
    if (report != null) {
      started = report.failure() == null;
      return report;
    }
    if (attempt.isGivenUp()) {
      started = true; // the thread closes the jar, which it needs until then
      thread.giveUp();
      try {
        hooks.remove(); // at once
      } catch (Throwable e) {
        // The thread does it once more.
      }
      return PendingAttach.late();
    }
    Throwable reason = failure == null ? Failures.first() : failure;
    String left = thread.takeBack(reason);
    return failure == null ? PendingAttach.died(reason, left) : PendingAttach.failed(failure, left);
  }

  private static void close() {
    try {
      ((Closeable) AttachHandler.class.getClassLoader()).close();
    } catch (IOException e) {
      // closed when it is collected
    }
  }
}
