package io.hbagent.hook;

import java.util.StringTokenizer;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Weaves the rows of one class into its bytes.
 *
 * <p>Uses the ASM inside Byte Buddy alone: the rest of Byte Buddy costs a JVM's start half a
 * second. Methods without a row are copied as they are, constant pool indices included.
 */
final class Weaver extends ClassVisitor {

  /** The newest class file version that this ASM reads without complaint. */
  private static final int NEWEST_MAJOR = Opcodes.V28 & 0xFFFF;

  private final HookPoint[] rows;
  private final String owner;
  private final boolean[] found;

  /**
   * The rows whose call was in the class file already; not by its constants, which JDK 25 keeps.
   */
  private final boolean[] present;

  private boolean inserted;
  private boolean twice;

  private Weaver(ClassVisitor next, HookPoint[] rows, String owner, boolean[] present) {
    super(Opcodes.ASM9, next);
    this.rows = rows;
    this.owner = owner;
    this.found = new boolean[rows.length];
    this.present = present;
  }

  /**
   * Returns the woven bytes, or null if no method matches or all that do have their calls: another
   * agent may redefine a class with bytes that were woven, and one of this agent that hung may
   * still weave. Concludes the rows of {@code owner} as woven or absent.
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
    boolean[] present = new boolean[rows.length];
    ClassWriter writer;
    Weaver weaver;
    do {
      writer = new ClassWriter(reader, 0);
      weaver = new Weaver(writer, rows, owner, present);
      reader.accept(weaver, 0);
    } while (weaver.twice);
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].owner.equals(owner)) {
        rows[i].state(weaver.found[i] ? HookPoint.State.WOVEN : HookPoint.State.ABSENT);
      }
    }
    if (!weaver.inserted) {
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
      boolean hasCode = (access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) == 0;
      if (hasCode && rows[i].owner.equals(owner) && rows[i].matches(name, descriptor)) {
        found[i] = true;
        if (!present[i]) {
          inserted = true;
          next = new CallInserter(next, i, access, descriptor);
        }
      }
    }
    return next;
  }

  private static int major(byte[] bytes) {
    return ((bytes[6] & 0xFF) << 8) | (bytes[7] & 0xFF);
  }

  private static void major(byte[] bytes, int major) {
    bytes[6] = (byte) (major >> 8);
    bytes[7] = (byte) major;
  }

  /**
   * Inserts one static call of the {@link Bridge} into one method.
   *
   * <p>The call of a row is the name of the bridge's method and its arguments, separated by blanks.
   * A number is the local variable that holds the parameter: 0 is {@code this} or a static method's
   * first parameter, and a long or double takes two; {@code fd:N:CLASS}, {@code address:N:CLASS}
   * and {@code port:N:CLASS} are fields of the {@link java.net.SocketImpl} in local variable N,
   * read as CLASS (the JDK has made the same cast before the inserted code is reached, so it cannot
   * fail there); {@code first:N} is the first element of the array of addresses in N; {@code
   * number:N} is the descriptor's number of the Netty socket in N, by its {@code intValue()};
   * {@code name:TEXT} is that text. The code has no branch, hence needs no stack map frame.
   */
  final class CallInserter extends MethodVisitor {

    private static final String SOCKET_ADDRESS = "Ljava/net/SocketAddress;";
    private static final String DESCRIPTOR = "Ljava/io/FileDescriptor;";
    private static final String OBJECT = "Ljava/lang/Object;";
    private static final int MAX_ARGUMENTS = 4;

    private final int index;
    private final HookPoint row;
    private final String bridgeMethod;
    private final Type[] parameters;
    private final int firstSlot;

    CallInserter(MethodVisitor next, int index, int access, String descriptor) {
      super(Opcodes.ASM9, next);
      this.index = index;
      this.row = rows[index];
      this.bridgeMethod = new StringTokenizer(row.call).nextToken();
      this.parameters = Type.getArgumentTypes(descriptor);
      this.firstSlot = (access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      if (row.atEntry) {
        insert();
      }
    }

    @Override
    public void visitInsn(int opcode) {
      if (!row.atEntry && opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
        insert();
      }
      super.visitInsn(opcode);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String of, String called, String descriptor, boolean ofInterface) {
      if (of.equals(JavaBase.BRIDGE) && called.equals(bridgeMethod)) {
        present[index] = true;
        twice = true;
      }
      super.visitMethodInsn(opcode, of, called, descriptor, ofInterface);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      super.visitMaxs(maxStack + MAX_ARGUMENTS, maxLocals);
    }

    private void insert() {
      StringTokenizer words = new StringTokenizer(row.call);
      words.nextToken();
      StringBuilder signature = new StringBuilder("(");
      while (words.hasMoreTokens()) {
        signature.append(load(words.nextToken()));
      }
      signature.append(")V");
      super.visitMethodInsn(
          Opcodes.INVOKESTATIC, JavaBase.BRIDGE, bridgeMethod, signature.toString(), false);
    }

    /** Pushes one argument and returns the type of the bridge's parameter. */
    private String load(String argument) {
      if (argument.equals("null")) {
        super.visitInsn(Opcodes.ACONST_NULL);
        return DESCRIPTOR;
      }
      if (argument.indexOf(':') < 0) {
        return loadParameter(Integer.parseInt(argument));
      }
      StringTokenizer parts = new StringTokenizer(argument, ":");
      String what = parts.nextToken();
      if (what.equals("name")) {
        super.visitLdcInsn(parts.nextToken());
        return OBJECT;
      }
      super.visitVarInsn(Opcodes.ALOAD, Integer.parseInt(parts.nextToken()));
      if (what.equals("first")) {
        super.visitInsn(Opcodes.ICONST_0);
        super.visitInsn(Opcodes.AALOAD);
        return SOCKET_ADDRESS;
      }
      if (what.equals("number")) {
        super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, owner, "intValue", "()I", false);
        return "I";
      }
      String type =
          what.equals("fd") ? DESCRIPTOR : what.equals("port") ? "I" : "Ljava/net/InetAddress;";
      String holder = parts.nextToken();
      super.visitTypeInsn(Opcodes.CHECKCAST, holder);
      super.visitFieldInsn(Opcodes.GETFIELD, holder, what, type);
      return type;
    }

    private String loadParameter(int slot) {
      int at = firstSlot;
      for (Type parameter : parameters) {
        if (at == slot) {
          super.visitVarInsn(parameter.getOpcode(Opcodes.ILOAD), slot);
          String type = parameter.getDescriptor();
          return type.equals("Ljava/net/SocketOption;")
              ? OBJECT
              : type.endsWith("SocketAddress;") ? SOCKET_ADDRESS : type;
        }
        at += parameter.getSize();
      }
      throw new IllegalStateException(row + " has no parameter in local variable " + slot);
    }
  }
}
