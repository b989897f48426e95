package io.hbagent.keepalive;

/**
 * Who opened a connection: the thread, and the first frame outside the JDK and known pool code.
 *
 * <p>Taken on the application's thread, and only with {@code origin=true}: walking the stack costs
 * some 20 µs and a few hundred bytes a connection.
 */
public final class OpenSite {

  /** Beginnings of class names that are never the reason why a connection is opened. */
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

  /** The first frame that is nobody's plumbing; null when there is none. Pure. */
  static StackTraceElement first(StackTraceElement[] stack) {
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

  /** The name of the thread. */
  public String thread() {
    return thread;
  }

  /** As {@code com.acme.Orders.load(Orders.java:42)}; null when all frames were plumbing. */
  public String frame() {
    return frame == null ? null : frame.toString();
  }

  @Override
  public String toString() {
    return frame == null ? thread : thread + " at " + frame;
  }
}
