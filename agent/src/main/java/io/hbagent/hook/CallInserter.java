package io.hbagent.hook;

import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Inserts one static call of the {@link Bridge} into one method.
 *
 * <p>The arguments of a row are separated by blanks. A number is the local variable that holds the
 * parameter; {@code fd:N:CLASS}, {@code address:N:CLASS} and {@code port:N:CLASS} are fields of the
 * {@link java.net.SocketImpl} in local variable N, read as CLASS (the JDK has made the same cast
 * before the inserted code is reached, so it cannot fail there); {@code first:N} is the first
 * element of the array of addresses in N; {@code number:N} is the descriptor's number of the Netty
 * socket in N, asked by its {@code intValue()}; {@code name:TEXT} is that text. The code has no
 * branch, hence needs no stack map frame.
 */
final class CallInserter extends MethodVisitor {

  private static final String FD = "Ljava/io/FileDescriptor;";
  private static final String ADDRESS = "Ljava/net/InetAddress;";
  private static final String SOCKET_ADDRESS = "Ljava/net/SocketAddress;";
  private static final String OBJECT = "Ljava/lang/Object;";
  private static final int WIDEST_CALL = 3;

  private final HookPoint row;
  private final Type[] parameters;
  private final int firstSlot;

  CallInserter(MethodVisitor next, HookPoint row, int access, String descriptor) {
    super(Opcodes.ASM9, next);
    this.row = row;
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
  public void visitMaxs(int maxStack, int maxLocals) {
    super.visitMaxs(maxStack + WIDEST_CALL, maxLocals);
  }

  private void insert() {
    StringBuilder signature = new StringBuilder("(");
    int from = 0;
    while (from < row.arguments.length()) {
      int blank = row.arguments.indexOf(' ', from);
      int to = blank < 0 ? row.arguments.length() : blank;
      signature.append(load(row.arguments.substring(from, to)));
      from = to + 1;
    }
    super.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        BootClasses.BRIDGE,
        row.call,
        signature.append(")V").toString(),
        false);
  }

  /** Pushes one argument and returns the type the bridge takes it as. */
  private String load(String argument) {
    int colon = argument.indexOf(':');
    if (colon < 0) {
      return loadParameter(Integer.parseInt(argument));
    }
    String what = argument.substring(0, colon);
    if (what.equals("name")) {
      super.visitLdcInsn(argument.substring(colon + 1));
      return OBJECT;
    }
    int next = argument.indexOf(':', colon + 1);
    int slot = Integer.parseInt(argument.substring(colon + 1, next < 0 ? argument.length() : next));
    super.visitVarInsn(Opcodes.ALOAD, slot);
    if (what.equals("first")) {
      super.visitInsn(Opcodes.ICONST_0);
      super.visitInsn(Opcodes.AALOAD);
      return SOCKET_ADDRESS;
    }
    if (what.equals("number")) {
      super.visitMethodInsn(Opcodes.INVOKEVIRTUAL, row.owner, "intValue", "()I", false);
      return "I";
    }
    String owner = argument.substring(next + 1);
    String descriptor = what.equals("fd") ? FD : what.equals("port") ? "I" : ADDRESS;
    super.visitTypeInsn(Opcodes.CHECKCAST, owner);
    super.visitFieldInsn(Opcodes.GETFIELD, owner, what, descriptor);
    return descriptor;
  }

  private String loadParameter(int slot) {
    Type type = typeAt(slot);
    super.visitVarInsn(type.getOpcode(Opcodes.ILOAD), slot);
    String descriptor = type.getDescriptor();
    if (descriptor.equals("Ljava/net/SocketOption;")) {
      return OBJECT;
    }
    return descriptor.endsWith("SocketAddress;") ? SOCKET_ADDRESS : descriptor;
  }

  private Type typeAt(int slot) {
    int at = firstSlot;
    for (Type parameter : parameters) {
      if (at == slot) {
        return parameter;
      }
      at += parameter.getSize();
    }
    throw new IllegalStateException(row + " has no parameter in local variable " + slot);
  }
}
