package io.hbagent.hook;

import java.util.Set;
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

  private static final int CONSTANT_CLASS = 7;

  private final HookPoint[] rows;
  private final String owner;
  private final boolean[] found;

  /** The calls that are there already, see {@link BridgeCalls}; null for none. */
  private final Set<String> calls;

  private boolean inserted;

  private Weaver(ClassVisitor next, HookPoint[] rows, String owner, Set<String> calls) {
    super(Opcodes.ASM9, next);
    this.rows = rows;
    this.owner = owner;
    this.found = new boolean[rows.length];
    this.calls = calls;
  }

  /**
   * Returns the woven bytes, or null when no method matches or all that do are woven already. Rows
   * of {@code owner} end as woven or absent.
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
    Weaver weaver =
        new Weaver(writer, rows, owner, namesBridge(reader) ? BridgeCalls.in(reader) : null);
    reader.accept(weaver, 0);
    weaver.conclude();
    if (!weaver.inserted) {
      return null;
    }
    byte[] woven = writer.toByteArray();
    major(woven, major(original));
    return woven;
  }

  /**
   * Whether a look into its methods is due; from the constants alone (JVMS 4.4.1), which is cheap.
   */
  private static boolean namesBridge(ClassReader reader) {
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int item = reader.getItem(i);
      // 0 for the second place of a long or double
      if (item != 0
          && reader.readByte(item - 1) == CONSTANT_CLASS
          && BootClasses.BRIDGE.equals(reader.readUTF8(item, buffer))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String signature, String[] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].owner.equals(owner) && rows[i].matches(name, descriptor)) {
        found[i] = true;
        if (calls == null || !calls.contains(BridgeCalls.key(name, descriptor, rows[i].call))) {
          inserted = true;
          next = new CallInserter(next, rows[i], access, descriptor);
        }
      }
    }
    return next;
  }

  private void conclude() {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].owner.equals(owner)) {
        rows[i].state(found[i] ? HookPoint.State.WOVEN : HookPoint.State.ABSENT);
      }
    }
  }

  private static int major(byte[] bytes) {
    return ((bytes[6] & 0xFF) << 8) | (bytes[7] & 0xFF);
  }

  private static void major(byte[] bytes, int major) {
    bytes[6] = (byte) (major >> 8);
    bytes[7] = (byte) major;
  }
}
