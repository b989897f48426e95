package io.hbagent.testapp.probe;

/** The lines of the probe, on standard output. */
public final class Report {
  private Report() {}

  /** Prints one line atomically, from any thread. */
  public static void line(String text) {
    synchronized (Report.class) {
      System.out.println(text);
      System.out.flush();
    }
  }

  static void line(Setting setting, String what) {
    line(setting, what, "");
  }

  static void line(Setting setting, String end, String options) {
    String thread = setting.virtual ? "virtual" : "platform";
    line(
        (setting.name
                + " "
                + end
                + " family="
                + setting.family
                + " thread="
                + thread
                + " "
                + options)
            .trim());
  }

  /**
   * The agent counts its own errors in a public field of a class it defines inside java.base; where
   * there is no agent there is no such class.
   */
  public static void agentFailures() {
    try {
      Class<?> bridge = Class.forName("java.net.HbAgentBridge");
      line("failures=" + bridge.getField("failures").getInt(null));
      Throwable first = (Throwable) bridge.getField("firstFailure").get(null);
      line("first=" + first);
      for (Throwable each = first; each != null; each = each.getCause()) {
        line("first.cause=" + each);
        for (StackTraceElement element : each.getStackTrace()) {
          line("first.at=" + element);
        }
      }
    } catch (ClassNotFoundException e) {
      line("failures=absent");
    } catch (ReflectiveOperationException e) {
      line("failures=" + e);
    }
  }
}
