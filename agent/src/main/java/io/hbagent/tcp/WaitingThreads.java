package io.hbagent.tcp;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.StringReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The threads of this process that wait on descriptors, as they were at one time. On the agent's
 * thread, when a user asks: the JVM stops twice for it, for tens of milliseconds at a thousand
 * threads. The packages {@code sun.nio.ch}, {@code sun.management} and {@code
 * com.sun.management.internal} must have been opened before.
 *
 * <p>Of a platform thread the kernel knows the system call it is in, whichever library made it; of
 * the JVM's thread dump each Java thread has the number that the kernel gives it. A virtual thread
 * that waits is in no system call: the JDK keeps it in a map by descriptor, of JDK 21 and newer.
 *
 * <p>A thread can go on while this reads, so that it is named although it has just been served. It
 * is never another thread's name, and never another descriptor.
 */
public final class WaitingThreads {

  private static final String TASKS = "/proc/self/task";

  /** Limit of the pollfd structures that are read of one call. */
  private static final int MOST_POLLED = 1024;

  /** sizeof(struct pollfd). */
  private static final int POLLFD = 8;

  /** POLLIN and EPOLLIN, POLLOUT and EPOLLOUT. */
  private static final int IN = 1;

  private static final int OUT = 4;

  /** The bytes of a thread's name that the kernel keeps. */
  private static final int COMM = 15;

  private static final StackTraceElement[] NO_STACK = {};

  private final Map<Integer, List<WaitingThread>> byDescriptor = new HashMap<>();
  private final Map<Integer, List<Integer>> epolls = new HashMap<>();
  private final Map<Integer, SystemCall.Kind> numbers =
      SystemCall.numbers(System.getProperty("os.arch"));

  /** By ID, those of Java that are not virtual. */
  private final Map<Long, Thread> threads = new HashMap<>();

  private final Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
  private String problem;

  private final BitSet wanted;

  private WaitingThreads(BitSet wanted) {
    this.wanted = wanted;
  }

  /**
   * Finds them.
   *
   * @param wanted the descriptors of interest: of the virtual threads, which can be very many, only
   *     those that wait on one of these are looked at
   */
  public static WaitingThreads read(BitSet wanted) {
    WaitingThreads waiting = new WaitingThreads(wanted);
    for (Thread thread : waiting.stacks.keySet()) {
      waiting.threads.put(thread.getId(), thread);
    }
    waiting.addVirtual();
    waiting.addNative();
    return waiting;
  }

  /** Returns those that wait on a descriptor, in no order. */
  public List<WaitingThread> on(int descriptorNumber) {
    List<WaitingThread> found = byDescriptor.get(descriptorNumber);
    return found == null ? Collections.<WaitingThread>emptyList() : found;
  }

  /**
   * Returns why threads can be missing here that wait in a system call; null if none is. Virtual
   * threads are known all the same.
   */
  public String problem() {
    return problem;
  }

  private void add(int descriptor, WaitingThread thread) {
    byDescriptor.computeIfAbsent(descriptor, each -> new ArrayList<>(1)).add(thread);
  }

  // ---- platform threads ----

  /** A thread in a system call, and the descriptors it waits on. */
  private static final class Wait {
    final String task;
    final String operation;
    final List<Integer> descriptors;

    Wait(String task, String operation, List<Integer> descriptors) {
      this.task = task;
      this.operation = operation;
      this.descriptors = descriptors;
    }
  }

  private void addNative() {
    List<Wait> waits = waits();
    if (waits.isEmpty()) {
      return;
    }
    Map<Long, Long> ids = javaIds();
    for (Wait wait : waits) {
      Thread thread = threads.get(ids.get(Long.parseLong(wait.task)));
      StackTraceElement[] stack = thread == null ? NO_STACK : stacks.get(thread);
      boolean selects = wait.operation.equals(WaitingThread.SELECT);
      if (selects && isPoller(stack)) {
        continue; // the JDK's own: it waits for virtual threads, which are known
      }
      int sockets = selects ? sockets(wait.descriptors) : 1;
      String name = thread == null ? comm(wait.task) : thread.getName();
      WaitingThread waiting = new WaitingThread(name, false, wait.operation, sockets, stack);
      for (int descriptor : wait.descriptors) {
        add(descriptor, waiting);
      }
    }
  }

  private List<Wait> waits() {
    List<Wait> waits = new ArrayList<>();
    String[] tasks = new File(TASKS).list();
    if (numbers == null || tasks == null) {
      problem =
          tasks == null
              ? "there is no " + TASKS
              : "the system calls of a " + System.getProperty("os.arch") + " are not known";
      return waits;
    }
    IOException failure = null;
    boolean any = false;
    for (String task : tasks) {
      SystemCall call;
      try {
        call = call(task);
        any = true;
      } catch (IOException e) {
        failure = e; // the thread has ended, or none of them may be read
        continue;
      }
      try {
        Wait wait = call == null ? null : wait(task, call);
        if (wait != null) {
          waits.add(wait);
        }
      } catch (IOException e) {
        if (isStillIn(task, call)) {
          problem = "what threads poll cannot be read (" + e.getMessage() + ")";
        }
      }
    }
    if (!any) {
      problem = "the system calls of threads cannot be read (" + failure.getMessage() + ")";
    }
    return waits;
  }

  private boolean isStillIn(String task, SystemCall call) {
    try {
      SystemCall now = call(task);
      return now != null && now.kind == call.kind && now.first == call.first;
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private SystemCall call(String task) throws IOException {
    return SystemCall.parse(line(task, "syscall"), numbers);
  }

  /** Returns the first line of a file about a thread, without its end. */
  private static String line(String task, String file) throws IOException {
    try (InputStream in = new FileInputStream(TASKS + "/" + task + "/" + file)) {
      byte[] bytes = new byte[512];
      int size = in.read(bytes);
      return new String(bytes, 0, Math.max(size, 0), StandardCharsets.UTF_8).trim();
    }
  }

  private Wait wait(String task, SystemCall call) throws IOException {
    switch (call.kind) {
      case POLL:
        return poll(task, call);
      case EPOLL:
        return new Wait(task, WaitingThread.SELECT, members(call.descriptor()));
      case READ:
        return one(task, "read", call.descriptor());
      case WRITE:
        return one(task, "write", call.descriptor());
      case CONNECT:
        return one(task, "connect", call.descriptor());
      default:
        return one(task, "accept", call.descriptor());
    }
  }

  private static Wait one(String task, String operation, int descriptor) {
    return new Wait(task, operation, Collections.singletonList(descriptor));
  }

  /**
   * Returns the descriptors that a thread polls, from the memory of the process; null if the thread
   * went on, and the memory may have been another's, while it was read.
   */
  private Wait poll(String task, SystemCall call) throws IOException {
    if (call.first <= 0 || call.second <= 0) {
      return null;
    }
    ByteBuffer polled =
        ByteBuffer.allocate(POLLFD * (int) Math.min(call.second, MOST_POLLED))
            .order(ByteOrder.nativeOrder());
    try (RandomAccessFile memory = new RandomAccessFile("/proc/self/mem", "r")) {
      memory.seek(call.first);
      memory.readFully(polled.array());
    }
    SystemCall after = call(task);
    if (after == null
        || after.kind != call.kind
        || after.first != call.first
        || after.second != call.second) {
      return null;
    }
    List<Integer> descriptors = new ArrayList<>();
    int events = 0;
    while (polled.hasRemaining()) {
      int descriptor = polled.getInt();
      int wanted = polled.getInt(); // events, and revents that the kernel has not written yet
      if (descriptor >= 0) {
        descriptors.add(descriptor);
        events = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? wanted >> 16 : wanted;
      }
    }
    return descriptors.size() == 1
        ? one(task, operation(descriptors.get(0), events), descriptors.get(0))
        : new Wait(task, WaitingThread.SELECT, descriptors);
  }

  /** Returns the operation of a thread that waits until a descriptor is ready for some events. */
  private static String operation(int descriptor, int events) {
    int state = 0;
    try {
      state = TcpInfo.state(Kernel.info(Kernel.wrap(descriptor)));
    } catch (IOException e) {
      // no TCP socket, or closed
    }
    switch (events & (IN | OUT)) {
      case IN:
        return state == TcpInfo.LISTEN ? "accept" : "read";
      case OUT:
        return state == TcpInfo.SYN_SENT ? "connect" : "write";
      default:
        return "poll";
    }
  }

  /** Returns the descriptors an epoll instance waits for (proc(5), fdinfo). */
  private List<Integer> members(int epoll) throws IOException {
    List<Integer> members = epolls.get(epoll);
    if (members != null) {
      return members;
    }
    members = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new FileInputStream("/proc/self/fdinfo/" + epoll), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.trim().split(" +", -1);
        if (words[0].equals("tfd:")
            && words.length > 3
            && (Long.parseLong(words[3], 16) & (IN | OUT)) != 0) {
          members.add(Integer.parseInt(words[1]));
        }
      }
    }
    epolls.put(epoll, members);
    return members;
  }

  private static int sockets(List<Integer> descriptors) {
    int sockets = 0;
    for (int descriptor : descriptors) {
      sockets += OpenSockets.inode(descriptor) < 0 ? 0 : 1;
    }
    return sockets;
  }

  private static boolean isPoller(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().equals("sun.nio.ch.Poller")) {
        return true;
      }
    }
    return false;
  }

  private static String comm(String task) {
    try {
      String name = line(task, "comm");
      return name.getBytes(StandardCharsets.UTF_8).length < COMM ? name : name + "...";
    } catch (IOException e) {
      return "(ended)";
    }
  }

  /**
   * Returns the ID of each Java thread by the number the kernel gives it. From the thread dump,
   * whose lines read {@code "NAME" #ID … nid=NUMBER …}; the number is hexadecimal on JDK 8 to 17.
   */
  private Map<Long, Long> javaIds() {
    Map<Long, Long> ids = new HashMap<>();
    try (BufferedReader dump = new BufferedReader(new StringReader(threadDump()))) {
      for (String line = dump.readLine(); line != null; line = dump.readLine()) {
        int number = line.lastIndexOf(" nid=");
        int id = line.lastIndexOf("\" #", number); // a name may have anything in it
        if (line.startsWith("\"") && number >= 0 && id >= 0) {
          Long task = number(line, number + " nid=".length());
          boolean twice = ids.containsKey(task); // by a name that looks like such a line
          ids.put(task, twice ? null : number(line, id + "\" #".length()));
        }
      }
    } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
      problem = "this JVM gives no thread dump (" + e + "), so threads have the kernel's names";
    }
    return ids;
  }

  /**
   * Returns the thread dump that {@code jcmd Thread.print} gives. By the class behind the managed
   * bean for it, not by the bean: the JDK's platform beans would be made for it, which costs half a
   * second and initialises the application's log manager.
   */
  private static String threadDump() throws ReflectiveOperationException {
    Field field = Class.forName("sun.management.ManagementFactoryHelper").getDeclaredField("jvm");
    field.setAccessible(true);
    Object vm = field.get(null);
    Class<?> commands;
    try {
      commands = Class.forName("com.sun.management.internal.DiagnosticCommandImpl");
      Class.forName("com.sun.management.internal.PlatformMBeanProviderImpl"); // loads its library
    } catch (ClassNotFoundException e) {
      commands = Class.forName("sun.management.DiagnosticCommandImpl"); // JDK 8
    }
    Constructor<?> constructor =
        commands.getDeclaredConstructor(Class.forName("sun.management.VMManagement"));
    constructor.setAccessible(true);
    Method execute = commands.getDeclaredMethod("executeDiagnosticCommand", String.class);
    execute.setAccessible(true);
    return (String) execute.invoke(constructor.newInstance(vm), "Thread.print");
  }

  /**
   * Returns the number at an index of a line, hexadecimal after {@code 0x}; -1 if there is none.
   */
  private static Long number(String line, int from) {
    int end = line.indexOf(' ', from);
    try {
      return Long.decode(line.substring(from, end < 0 ? line.length() : end));
    } catch (NumberFormatException e) {
      return -1L;
    }
  }

  // ---- virtual threads ----

  /**
   * Adds the virtual threads that wait, from the JDK's pollers. Their class is not initialised for
   * this, which would start them: where they run, a thread is in one of their methods.
   */
  private void addVirtual() {
    boolean run = false;
    for (StackTraceElement[] stack : stacks.values()) {
      run |= isPoller(stack);
    }
    if (!run) {
      return;
    }
    try {
      Class<?> type = Class.forName("sun.nio.ch.Poller");
      Field map = type.getDeclaredField("map");
      map.setAccessible(true);
      addVirtual(pollers(type, "readPollers", "READ_POLLERS"), map, IN);
      addVirtual(pollers(type, "writePollers", "WRITE_POLLERS"), map, OUT);
    } catch (ReflectiveOperationException | RuntimeException e) {
      problem = "this JDK keeps waiting virtual threads in a way that is not known (" + e + ")";
    }
  }

  /**
   * Returns the pollers of one kind.
   *
   * @param getter of JDK 22 and newer
   * @param field of JDK 21
   */
  private static List<?> pollers(Class<?> type, String getter, String field)
      throws ReflectiveOperationException {
    try {
      Method method = type.getDeclaredMethod(getter);
      method.setAccessible(true);
      return (List<?>) method.invoke(null);
    } catch (NoSuchMethodException e) {
      Field array = type.getDeclaredField(field);
      array.setAccessible(true);
      return Arrays.asList((Object[]) array.get(null));
    }
  }

  private void addVirtual(List<?> pollers, Field map, int events) throws IllegalAccessException {
    for (Object poller : pollers) {
      for (Map.Entry<?, ?> each : ((Map<?, ?>) map.get(poller)).entrySet()) {
        int descriptor = (Integer) each.getKey();
        Thread thread = (Thread) each.getValue();
        boolean one = wanted.get(descriptor);
        List<Integer> members = Collections.emptyList();
        try {
          if (!one && OpenSockets.inode(descriptor) < 0) {
            members = members(descriptor); // of a selector
          }
        } catch (IOException e) {
          // closed in the meantime
        }
        if (!one && members.stream().noneMatch(wanted::get)) {
          continue;
        }
        String name = thread.getName();
        if (name.isEmpty()) {
          name = "VirtualThread[#" + thread.getId() + "]";
        }
        StackTraceElement[] stack = thread.getStackTrace();
        if (one) {
          String operation = operation(descriptor, events);
          add(descriptor, new WaitingThread(name, true, operation, 1, stack));
        }
        for (int member : members) {
          String operation = WaitingThread.SELECT;
          add(member, new WaitingThread(name, true, operation, sockets(members), stack));
        }
      }
    }
  }
}
