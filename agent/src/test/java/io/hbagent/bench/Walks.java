package io.hbagent.bench;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.LaunchingConnector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The agent's classes of which a method is entered on the two walks of a connection, as a debugger
 * sees them: an application connects, and its peer dies. Needs a neighbour that can be cut off; see
 * {@code agent/src/bench/structure}, which makes it.
 */
final class Walks implements AutoCloseable {

  private static final String OPTIONS = "idle=1,intvl=1,cnt=2,watchdog=100ms,sweep=off";

  private final VirtualMachine vm;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Set<String> entered = new ConcurrentSkipListSet<>();
  private final List<MethodEntryRequest> requests = new ArrayList<>();
  private volatile Set<String> threads = Set.of();
  private volatile List<String> deepest = List.of();

  private Walks(String host, String port) throws Exception {
    LaunchingConnector connector = Bootstrap.virtualMachineManager().defaultConnector();
    Map<String, Connector.Argument> arguments = connector.defaultArguments();
    arguments.get("main").setValue("agent/src/bench/java/Walk.java " + host + " " + port);
    arguments.get("options").setValue("-javaagent:agent/target/hb-agent.jar=" + OPTIONS);
    vm = connector.launch(arguments);
    read(vm.process().getInputStream());
    read(vm.process().getErrorStream());
    for (String filter : new String[] {"io.hbagent.*", "java.net.HbAgentBridge"}) {
      MethodEntryRequest request = vm.eventRequestManager().createMethodEntryRequest();
      request.addClassFilter(filter);
      request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      requests.add(request);
    }
    start("debugger", this::handle);
    vm.resume();
  }

  private static void start(String name, Runnable run) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void read(InputStream in) {
    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    start("output", () -> reader.lines().forEach(lines::add));
  }

  private void handle() {
    try {
      while (true) {
        EventSet events = vm.eventQueue().remove();
        for (Event event : events) {
          if (event instanceof VMDisconnectEvent) {
            return;
          }
          if (event instanceof MethodEntryEvent entry) {
            note(entry);
          }
        }
        events.resume();
      }
    } catch (Exception e) {
      lines.add("debugger: " + e);
    }
  }

  private void note(MethodEntryEvent entry) throws Exception {
    String thread = entry.thread().name();
    if (!threads.contains(thread)) {
      return;
    }
    entered.add(source(entry.method().declaringType()));
    if (thread.equals("main")) {
      List<String> frames = new ArrayList<>();
      for (StackFrame frame : entry.thread().frames()) {
        ReferenceType type = frame.location().declaringType();
        if (isOurs(type.name())) {
          frames.add(type.name() + "." + frame.location().method().name());
        }
      }
      if (frames.size() > deepest.size()) {
        deepest = frames;
      }
    }
  }

  private static boolean isOurs(String name) {
    return name.startsWith("io.hbagent.") || name.equals("java.net.HbAgentBridge");
  }

  /** Returns the name of the source file: what a reader opens. */
  private static String source(ReferenceType type) {
    try {
      return type.sourceName();
    } catch (AbsentInformationException e) {
      return type.name().replaceFirst("(.*\\.)?([^$]*).*", "$2.java"); // a lambda's class
    }
  }

  private void await(String part) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    List<String> seen = new ArrayList<>();
    for (String line = ""; !line.contains(part); ) {
      line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      seen.add(line);
      if (line == null) {
        throw new IllegalStateException("no line with " + part + " within two minutes: " + seen);
      }
    }
  }

  private void send() throws Exception {
    vm.process().getOutputStream().write('\n');
    vm.process().getOutputStream().flush();
  }

  private void record(String... names) {
    entered.clear();
    threads = Set.of(names);
    requests.forEach(EventRequest::enable);
  }

  private Set<String> recorded() {
    requests.forEach(EventRequest::disable);
    return new TreeSet<>(entered);
  }

  private static void print(String walk, Set<String> classes) {
    System.out.printf("%n%s: %d files%n", walk, classes.size());
    classes.forEach(name -> System.out.println("  " + name));
  }

  /** Arguments: the host and the port of a neighbour that accepts connections and says nothing. */
  public static void main(String[] args) throws Exception {
    try (Walks walks = new Walks(args[0], args[1])) {
      walks.await("ready");
      walks.record("main");
      walks.send();
      walks.await("connected");
      Set<String> connect = walks.recorded();
      System.out.printf("%nconnect: %d frames at the deepest%n", walks.deepest.size());
      walks.deepest.forEach(frame -> System.out.println("  " + frame));
      print("connect", connect);
      Thread.sleep(5_000); // the watchdog has begun, and has seen the connection often
      walks.record("hb-agent-watchdog", "hb-agent-log");
      // The neighbour's address leads nowhere from here on.
      new ProcessBuilder(
              "ip neigh replace %s lladdr 02:00:00:00:00:99 dev hb0 nud permanent"
                  .formatted(args[0])
                  .split(" ", -1))
          .inheritIO()
          .start()
          .waitFor();
      walks.await("event=dead");
      print("a peer dies", walks.recorded());
    }
  }

  @Override
  public void close() {
    vm.process().destroyForcibly();
  }
}
