package io.hbagent.keepalive;

/**
 * The opener of a connection: the thread, and the first frame outside the JDK and known pool code.
 *
 * <p>Taken on the application's thread, and only with {@code origin=true}: walking the stack costs
 * some 20 µs and a few hundred bytes a connection.
 */
public final class OpenSite {

  /** Beginnings of class names that are passed over: the JDK, the agent, drivers and pools. */
  private static final String[] PASSED = {
    "java.",
    "javax.",
    "jdk.",
    "sun.",
    "com.sun.",
    "io.hbagent.hook.",
    "io.hbagent.keepalive.",
    "io.hbagent.runtime.ConnectionListener",
    "io.netty.",
    "reactor.netty.",
    "org.apache.http.",
    "org.apache.hc.",
    "org.apache.commons.pool",
    "org.apache.commons.dbcp",
    "org.apache.tomcat.",
    "org.apache.coyote.",
    "org.eclipse.jetty.",
    "okhttp3.",
    "okio.",
    "com.zaxxer.hikari.",
    "com.mchange.",
    "org.postgresql.",
    "com.mysql.",
    "org.mariadb.",
    "oracle.",
    "com.microsoft.sqlserver.",
    "redis.clients.",
    "io.lettuce.",
    "com.mongodb.",
    "io.undertow.",
    "org.xnio.",
    "io.grpc.",
    "org.springframework.",
    "com.alibaba.druid.",
  };

  private final String thread;
  private final StackTraceElement frame;

  private OpenSite(String thread, StackTraceElement frame) {
    this.thread = thread;
    this.frame = frame;
  }

  static OpenSite here() {
    return new OpenSite(Thread.currentThread().getName(), first(new Throwable().getStackTrace()));
  }

  private static StackTraceElement first(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (!isPassed(frame.getClassName())) {
        return frame;
      }
    }
    return null;
  }

  private static boolean isPassed(String className) {
    for (String prefix : PASSED) {
      if (className.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the name of the thread. */
  public String thread() {
    return thread;
  }

  /**
   * Returns {@code com.acme.Orders.load(Orders.java:42)}, or null if all frames are passed over.
   */
  public String frame() {
    return frame == null ? null : frame.toString();
  }

  @Override
  public String toString() {
    return frame == null ? thread : thread + " at " + frame;
  }
}
