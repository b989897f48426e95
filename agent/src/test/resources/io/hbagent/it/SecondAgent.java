import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Somebody else's agent, interested in the same classes: retransforms them and gives back the same bytes copied ("copy"), or
 * written anew with an instruction that does nothing at the start of every method ("nop"). Or one that only opens sockets of
 * its own before the application starts ("socket").
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
    SecondAgent agent = new SecondAgent(kind.equals("nop"));
    instrumentation.addTransformer(agent, true);
    List<Class<?>> there = new ArrayList<>();
    for (String name : CLASSES) {
      try {
        there.add(Class.forName(name, false, null));
      } catch (ClassNotFoundException e) {
        // another JDK's
      }
    }
    instrumentation.retransformClasses(there.toArray(new Class<?>[0]));
    System.err.println("second agent: " + there.size() + " classes, " + agent.seen + " transformed");
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
