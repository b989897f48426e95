package io.hbagent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/** The application of the attach tests in a forked JVM. {@link #close} ends the JVM. */
final class AttachTargetApp implements AutoCloseable {

  /**
   * Options that keep the number of the JVM's own threads constant, so that none ends and frees a
   * place where they are limited.
   */
  static final String[] STEADY_THREADS = {
    "-XX:+IgnoreUnrecognizedVMOptions", // JDK 8
    "-XX:-UseDynamicNumberOfCompilerThreads",
    "-XX:+UseSerialGC",
  };

  private static Path jar;

  private final Forked forked;
  private final String port;

  private AttachTargetApp(Forked forked) throws InterruptedException {
    this.forked = forked;
    this.port = forked.awaitOut(0, line -> line.startsWith("port=")).substring("port=".length());
  }

  static AttachTargetApp start(Jdk jdk, String... options) throws Exception {
    return startUnder(List.of(), jdk, jar(), options);
  }

  /** Starts it under another program that execs the command it is given. */
  static AttachTargetApp startUnder(List<String> prefix, Jdk jdk, Path jar, String... options)
      throws Exception {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(jdk.command());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", jar.toString(), "AttachTarget"));
    return run(new ProcessBuilder(command));
  }

  /** Starts it under a program that limits its threads, with {@link #STEADY_THREADS}. */
  static AttachTargetApp startLimited(List<String> prefix, Jdk jdk, Path jar, String... options)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(STEADY_THREADS));
    all.addAll(List.of(options));
    return startUnder(prefix, jdk, jar, all.toArray(new String[0]));
  }

  /** Starts it with {@code -jar}. */
  static AttachTargetApp startJar(Jdk jdk, String... options) throws Exception {
    return startJar(jdk, jar(), options);
  }

  /** Starts it with {@code -jar} from a copy of the jar. */
  static AttachTargetApp startJar(Jdk jdk, Path copy, String... options) throws Exception {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(List.of(options));
    command.addAll(List.of("-jar", copy.toString()));
    return run(new ProcessBuilder(command));
  }

  /** Starts it in the given working directory. */
  static AttachTargetApp startIn(Path folder, Jdk jdk) throws Exception {
    List<String> command = new ArrayList<>(jdk.command());
    command.addAll(List.of("-cp", jar().toString(), "AttachTarget"));
    return run(new ProcessBuilder(command).directory(folder.toFile()));
  }

  private static AttachTargetApp run(ProcessBuilder builder) throws Exception {
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("HB_AGENT_OPTIONS");
    return new AttachTargetApp(new Forked(builder));
  }

  /**
   * Returns its jar, which is built once, for JDK 8 and newer. It is an agent as well, to read
   * class bytes.
   */
  static synchronized Path jar() throws IOException {
    if (jar == null) {
      Map<String, String> manifest =
          Map.of(
              "Main-Class", "AttachTarget",
              "Premain-Class", "AttachTarget",
              "Agent-Class", "AttachTarget",
              "Can-Retransform-Classes", "true",
              "Can-Redefine-Classes", "true");
      Path file = Files.createDirectories(Path.of("target/attach")).resolve("attach-target.jar");
      jar =
          Jars.build(
              file, manifest, AttachTargetApp.class, "AttachTarget.java", "CommandLines.java");
    }
    return jar;
  }

  /**
   * Returns the bytes its woven classes have now, as the last of all agents sees them.
   *
   * <p>They are rewritten by ASM, because JDK 25 and newer keep unused constants in the pool of a
   * class that was redefined.
   */
  Map<String, String> bytes() throws Exception {
    Map<String, String> bytes = new TreeMap<>();
    for (Map.Entry<String, byte[]> one : classFiles("bytes jdk").entrySet()) {
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(one.getValue()).accept(writer, 0);
      bytes.put(one.getKey(), HexFormat.of().formatHex(writer.toByteArray()));
    }
    assertTrue(bytes.containsKey("sun/nio/ch/Net"), bytes.keySet()::toString);
    return bytes;
  }

  /**
   * Returns the bytes of each method without stack maps: a JVM that redefines a class keeps neither
   * the order of its methods nor, for classes it does not verify such as those of the boot loader,
   * the stack maps.
   */
  Map<String, String> methods() throws Exception {
    Map<String, String> methods = methods("all");
    assertTrue(methods.keySet().stream().anyMatch(name -> name.startsWith("sun/nio/ch/Net.")));
    return methods;
  }

  /**
   * Returns the same for the JDK's classes ("all"), or for those of the native transport it was
   * started with ("transport").
   */
  Map<String, String> methods(String which) throws Exception {
    Map<String, String> methods = new TreeMap<>();
    for (Map.Entry<String, byte[]> one : classFiles("bytes " + which).entrySet()) {
      new ClassReader(one.getValue())
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String generic, String[] throwing) {
                  ClassWriter writer = new ClassWriter(0);
                  writer.visit(Opcodes.V1_8, 0, "Alone", null, "java/lang/Object", null);
                  String method = one.getKey() + "." + name + descriptor;
                  return new MethodVisitor(
                      Opcodes.ASM9,
                      writer.visitMethod(access, name, descriptor, generic, throwing)) {
                    @Override
                    public void visitEnd() {
                      methods.put(method, HexFormat.of().formatHex(writer.toByteArray()));
                    }
                  };
                }
              },
              ClassReader.SKIP_FRAMES);
    }
    return methods;
  }

  private Map<String, byte[]> classFiles(String command) throws Exception {
    VirtualMachine machine = VirtualMachine.attach(pid());
    try {
      machine.loadAgent(jar().toString());
    } catch (AgentLoadException e) {
      // Newer JDKs do not understand the answer of a JDK 8: 0, which means success.
      assertEquals("0", e.getMessage());
    } finally {
      machine.detach();
    }
    Map<String, byte[]> bytes = new TreeMap<>();
    for (String line : command(command)) {
      String[] words = line.split(" ", 3);
      bytes.put(words[1], Base64.getDecoder().decode(words[2]));
    }
    return bytes;
  }

  String pid() {
    return String.valueOf(forked.pid());
  }

  String port() {
    return port;
  }

  Forked forked() {
    return forked;
  }

  /** Returns whether a thread of the agent runs, after collecting garbage for some 0.2 s. */
  boolean hasAgentThread() throws InterruptedException {
    return !command("measure").get(0).contains(" agent-threads= ");
  }

  /** Sends a command and returns the lines it printed. */
  List<String> command(String command) throws InterruptedException {
    int from = forked.out().size();
    forked.send(command);
    forked.awaitOut(from, line -> line.equals("ok " + command));
    List<String> out = forked.out();
    return out.subList(from, out.size() - 1);
  }

  @Override
  public void close() {
    forked.close();
  }
}
