package io.hbagent.runtime;

import io.hbagent.config.BadOption;
import io.hbagent.config.Help;
import io.hbagent.config.Settings;
import io.hbagent.hook.Hooks;
import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.tcp.OptionNumbers;
import java.io.File;
import java.lang.instrument.Instrumentation;
import java.util.function.BiFunction;

/**
 * Puts the parts together: what must be in place before the application's main.
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
    SettingsSource inputs = new SettingsSource((String) given[0], (File) given[1]);
    Settings settings;
    try {
      settings = inputs.read();
    } catch (BadOption e) {
      thread.dismiss();
      if (inputs.isStrict()) {
        return "hb-agent: " + e.getMessage() + "; strict=true, so the JVM does not start";
      }
      say(e.getMessage() + "; the application runs without keepalive");
      return null;
    }
    if (settings.help()) {
      thread.dismiss();
      System.err.print(Help.text());
    } else if (settings.inert()) {
      thread.dismiss();
      say("off, because of enabled=false (" + settings.source() + ")");
    } else {
      start(settings, inputs, new Hooks(instrumentation, (Boolean) given[2]), thread);
    }
    return null;
  }

  private static void start(
      Settings settings, SettingsSource inputs, Hooks hooks, AgentThread thread) {
    try {
      if (OptionNumbers.current() == null) {
        say(
            "cannot set keepalive on "
                + System.getProperty("os.name")
                + ", whose option numbers it does not know; the application runs without"
                + " keepalive");
        thread.dismiss();
        return;
      }
      KeepaliveManager keeper = new KeepaliveManager(settings.rules(), settings.conflict());
      // The watchdog starts beside main, and pools are filled in the first moments of it.
      keeper.table().noteOrigin(settings.watchdog() && settings.origin());
      hooks.prepare();
      if (Hooks.isInstalled()) {
        say("is in this JVM already, so this second one does nothing; give -javaagent once");
        thread.dismiss();
        return;
      }
      ConnectionListener listener = new ConnectionListener(keeper, thread);
      listener.install(hooks);
      if (settings.conflict() == Conflict.TIGHTEN) {
        keeper.readDefaults();
      }
      thread.proceed(hooks, settings, inputs, keeper, listener, null);
      if (!thread.isRunning() && !thread.isOver()) { // over: it has said itself what is missing
        say(
            "its thread "
                + thread.problem()
                + "; connections get their options, but there is no log, no watchdog, and no change"
                + " of the settings file is seen, until a status or an attach can start it");
      }
    } catch (Throwable e) { // also for want of memory
      thread.dismiss();
      say(
          "cannot reach the sockets of this JVM ("
              + e
              + "); the application runs without keepalive; sun.nio.ch of java.base must be there");
    }
  }

  private static void say(String sentence) {
    System.err.println("hb-agent: " + sentence);
  }
}
