package io.hbagent.hook;

import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * Weaves the rows of one class into its bytes.
 *
 * <p>Uses the ASM inside Byte Buddy alone: the rest of Byte Buddy costs a JVM's start half a
 * second. Methods without a row are copied as they are, constant pool indices included.
 */
final class Weaver extends ClassVisitor {

  /** The newest class file version the ASM at hand reads without complaint. */
  private static final int NEWEST_MAJOR = Opcodes.V28 & 0xFFFF;

  private final HookPoint[] rows;
  private final String owner;
  private final boolean[] found;

  private Weaver(ClassVisitor next, HookPoint[] rows, String owner) {
    super(Opcodes.ASM9, next);
    this.rows = rows;
    this.owner = owner;
    this.found = new boolean[rows.length];
  }

  /**
   * Returns the woven bytes, or null when no method matches. Rows of {@code owner} end as woven or
   * absent.
   *
   * <p>A class file newer than this ASM knows is read as the newest it knows and gets its own
   * version back: what the new version adds lies in attributes, which are copied unread.
   */
  static byte[] weave(HookPoint[] rows, String owner, byte[] original) {
    byte[] bytes = original;
    if (major(original) > NEWEST_MAJOR) {
      bytes = original.clone();
      major(bytes, NEWEST_MAJOR);
    }
    ClassReader reader = new ClassReader(bytes);
    ClassWriter writer = new ClassWriter(reader, 0);
    Weaver weaver = new Weaver(writer, rows, owner);
    reader.accept(weaver, 0);
    if (!weaver.conclude()) {
      return null;
    }
    byte[] woven = writer.toByteArray();
    major(woven, major(original));
    return woven;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].owner.equals(owner) && rows[i].matches(name, descriptor)) {
        found[i] = true;
        next = new CallInserter(next, rows[i], access, descriptor);
      }
    }
    return next;
  }

  private boolean conclude() {
    boolean any = false;
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].owner.equals(owner)) {
        rows[i].state(found[i] ? HookPoint.State.WOVEN : HookPoint.State.ABSENT);
        any |= found[i];
      }
    }
    return any;
  }

  private static int major(byte[] bytes) {
    return ((bytes[6] & 0xFF) << 8) | (bytes[7] & 0xFF);
  }

  private static void major(byte[] bytes, int major) {
    bytes[6] = (byte) (major >> 8);
    bytes[7] = (byte) major;
  }
}
