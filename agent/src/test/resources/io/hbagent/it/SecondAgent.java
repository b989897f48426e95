import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.dynamic.scaffold.TypeValidation;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.utility.JavaModule;

/**
 * An agent of another vendor that transforms the same classes: returns the same bytes copied ("copy"), or
 * rewritten with a no-op instruction at the start of every method ("nop"). Or one that only opens sockets of
 * its own before the application starts ("socket").
 * Or adds advice to socket methods by Byte Buddy ("advice"). Or loads each class of
 * hb-agent while it is being defined, as Datadog's agent does by reflection on the classes that name it ("reflect"). Or
 * loads a native transport before hb-agent starts, and no socket class of the JDK ("transport").
 */
public class SecondAgent implements ClassFileTransformer {
  private static final String[] CLASSES = {
    "sun.nio.ch.Net",
    "sun.nio.ch.NioSocketImpl",
    "sun.nio.ch.SocketChannelImpl",
    "sun.nio.ch.ServerSocketChannelImpl",
    "sun.nio.ch.UnixAsynchronousServerSocketChannelImpl",
    "java.net.AbstractPlainSocketImpl",
    "java.net.PlainSocketImpl",
    "java.net.Socket",
  };

  private final boolean nop;
  private final AtomicInteger seen = new AtomicInteger();

  private SecondAgent(boolean nop) {
    this.nop = nop;
  }

  public static void premain(String kind, Instrumentation instrumentation) throws Exception {
    if (kind.equals("socket")) {
      InetAddress loopback = InetAddress.getByName("127.0.0.1");
      try (ServerSocket server = new ServerSocket(0, 1, loopback);
          Socket client = new Socket(loopback, server.getLocalPort());
          Socket accepted = server.accept()) {
        System.err.println("second agent: " + accepted.getPort() + " is " + client.getLocalPort());
      }
      return;
    }
    if (kind.equals("transport")) {
      Class<?> type = Class.forName("io.hbagent.testapp.probe.netty.channel.unix.Socket");
      System.err.println("second agent: has " + type.getName());
      return;
    }
    if (kind.equals("reflect")) {
      instrumentation.addTransformer(new Reflecting());
      return;
    }
    if (kind.equals("advice")) {
      advise(instrumentation);
      return;
    }
    SecondAgent agent = new SecondAgent(kind.equals("nop"));
    instrumentation.addTransformer(agent, true);
    List<Class<?>> there = load();
    instrumentation.retransformClasses(there.toArray(new Class<?>[0]));
    System.err.println("second agent: " + there.size() + " classes, " + agent.seen + " transformed");
  }

  /** Advice with a handler for all a method throws, which needs stack map frames the method may lack. */
  public static class Around {
    @Advice.OnMethodEnter
    static long enter() {
      return System.nanoTime();
    }

    @Advice.OnMethodExit(onThrowable = Throwable.class)
    static void exit(@Advice.Enter long begin, @Advice.Thrown Throwable thrown) {
      if (begin == 0 && thrown == null) {
        throw new IllegalStateException();
      }
    }
  }

  /** Loads each class it is given, so that it is defined before the JVM continues with it. */
  private static class Reflecting implements ClassFileTransformer {
    private boolean said;

    @Override
    public byte[] transform(
        ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
      if (loader != null && loader.getClass().getName().equals("io.hbagent.AgentLoader")) {
        try {
          Class.forName(name.replace('/', '.'), false, loader);
        } catch (ClassNotFoundException e) {
          throw new IllegalStateException(e);
        }
        if (!said) {
          System.err.println("second agent: has loaded " + name);
          said = true;
        }
      }
      return null;
    }
  }

  private static List<Class<?>> load() {
    List<Class<?>> there = new ArrayList<>();
    for (String name : CLASSES) {
      try {
        there.add(Class.forName(name, false, null));
      } catch (ClassNotFoundException e) {
        // only in other JDKs
      }
    }
    return there;
  }

  private static void advise(Instrumentation instrumentation) throws Exception {
    final AtomicInteger transformed = new AtomicInteger();
    load();
    new AgentBuilder.Default(new ByteBuddy().with(TypeValidation.DISABLED))
        .disableClassFormatChanges()
        .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
        .with(
            new AgentBuilder.Listener.Adapter() {
              @Override
              public void onTransformation(
                  TypeDescription type,
                  ClassLoader loader,
                  JavaModule module,
                  boolean loaded,
                  DynamicType dynamicType) {
                transformed.incrementAndGet();
              }

              @Override
              public void onError(
                  String name, ClassLoader loader, JavaModule module, boolean loaded, Throwable e) {
                System.err.println("second agent failed: " + name + " " + e);
              }
            })
        .ignore(ElementMatchers.none())
        .type(ElementMatchers.namedOneOf(CLASSES))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.visit(
                    Advice.to(Around.class)
                        .on(
                            ElementMatchers.namedOneOf(
                                "connect", "doConnect", "accept", "finishAccept", "setSocketOption",
                                "setOption"))))
        .installOn(instrumentation);
    System.err.println("second agent: " + transformed + " classes, " + transformed + " transformed");
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
    if (name == null || !java.util.Arrays.asList(CLASSES).contains(name.replace('/', '.'))) {
      return null;
    }
    byte[] result = nop ? withNops(bytes) : bytes.clone();
    seen.incrementAndGet();
    return result;
  }

  private static byte[] withNops(byte[] bytes) {
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor to = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, to) {
              @Override
              public void visitCode() {
                super.visitCode();
                visitInsn(Opcodes.NOP);
              }
            };
          }
        },
        0);
    return writer.toByteArray();
  }
}
