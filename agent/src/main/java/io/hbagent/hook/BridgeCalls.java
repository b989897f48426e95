package io.hbagent.hook;

import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Looks for calls of the bridge in the methods of a class.
 *
 * <p>Loaded only for a class whose constants name it: then it was woven before, or is of a JVM from
 * 25 on, which keeps the constants of a class that was redefined although nothing refers to them
 * any more.
 */
final class BridgeCalls extends ClassVisitor {

  private final Set<String> found = new HashSet<>();

  private BridgeCalls() {
    super(Opcodes.ASM9);
  }

  static Set<String> in(ClassReader reader) {
    BridgeCalls calls = new BridgeCalls();
    reader.accept(calls, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return calls.found;
  }

  /** What is in the set of {@link #in} when a method calls that method of the bridge. */
  static String key(String method, String descriptor, String call) {
    return method + descriptor + " " + call;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    return new MethodVisitor(Opcodes.ASM9) {
      @Override
      public void visitMethodInsn(
          int opcode, String owner, String called, String calledAs, boolean ofInterface) {
        if (owner.equals(BootClasses.BRIDGE)) {
          found.add(key(name, descriptor, called));
        }
      }
    };
  }
}
