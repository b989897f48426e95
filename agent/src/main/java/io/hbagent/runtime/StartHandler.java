package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.Help;
import io.hbagent.config.Settings;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.tcp.Options;
import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.function.BiFunction;

/**
 * Starts the agent with the JVM: puts in place what must be there before the application's main.
 *
 * <p>On the start path: every class loaded here is time the user waits. No lambda, stream, regular
 * expression, format, logging. While the options are read and {@code java.base} is opened here,
 * {@link AgentThread} loads what weaving needs, which takes as long.
 */
public final class StartHandler implements BiFunction<Object[], Instrumentation, String> {

  /** Called by {@link io.hbagent.AgentMain}, from another class loader. */
  public StartHandler() {}

  /**
   * Starts the agent.
   *
   * @param given the option text, or null; the {@link File} of the agent's jar; whether no other
   *     agent was started before, a Boolean
   * @return null, or the sentence with which the JVM shall refuse to start
   */
  @Override
  public String apply(Object[] given, Instrumentation instrumentation) {
    AgentThread thread = new AgentThread();
    thread.isRunning(); // first of all: what it loads is what takes longest
    SettingsSource source =
        new SettingsSource((String) given[0], ((File) given[1]).getParentFile());
    Settings settings;
    try {
      settings = source.read();
    } catch (BadOption e) {
      thread.dismiss();
      if (source.isStrict()) {
        return "hb-agent: " + e.getMessage() + "; strict=true, so the JVM does not start";
      }
      print(e.getMessage() + "; the application runs without keepalive");
      return null;
    }
    if (settings.help()) {
      thread.dismiss();
      System.err.print(Help.text());
    } else if (settings.inert()) {
      thread.dismiss();
      print("off, because of enabled=false (" + settings.source() + ")");
    } else {
      start(settings, source, new Hooks(instrumentation, (Boolean) given[2]), thread);
    }
    return null;
  }

  private static void start(
      Settings settings, SettingsSource source, Hooks hooks, AgentThread thread) {
    KeepaliveManager manager;
    ConnectionListener listener;
    try {
      if (Options.CURRENT == null) {
        print(
            "cannot set keepalive on "
                + System.getProperty("os.name")
                + ", whose option numbers it does not know; the application runs without"
                + " keepalive");
        thread.dismiss();
        return;
      }
      manager = new KeepaliveManager(settings.rules(), settings.conflict());
      if (settings.conflict() == Conflict.TIGHTEN) {
        manager.readDefaults();
      }
      // The watchdog starts beside main, and pools are filled in the first moments of it.
      manager.table().noteOrigin(settings.watchdog() && settings.origin());
      hooks.prepare();
      if (Hooks.isInstalled()) {
        print("is in this JVM already, so this second one does nothing; give -javaagent once");
        thread.dismiss();
        return;
      }
      listener = new ConnectionListener(manager, thread);
      listener.install(hooks); // last: nothing after it can fail, so nothing is to be undone
    } catch (Throwable e) { // also for want of memory
      thread.dismiss();
      print(
          "cannot reach the sockets of this JVM ("
              + e
              + "); the application runs without keepalive; sun.nio.ch of java.base must be there");
      return;
    }
    thread.proceed(hooks, settings, source, manager, listener, null);
    if (!thread.isRunning() && !thread.isOver()) { // over: the thread has printed the reason
      print(
          "its thread "
              + thread.problem()
              + "; connections get their options, but there is no log, no watchdog, and no change"
              + " of the settings file is seen, until a status or an attach can start it");
    }
  }

  private static void print(String sentence) {
    System.err.println("hb-agent: " + sentence);
  }
}
