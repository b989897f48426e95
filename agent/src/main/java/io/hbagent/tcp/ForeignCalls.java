package io.hbagent.tcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * getsockopt(2) for a whole {@code struct tcp_info}, through the foreign function API of JDK 22 and
 * newer. The first use costs up to 0.4 s, each call some 10 µs. On the agent's thread.
 *
 * <p>By method handles, since the agent is compiled for JDK 8. They are made by a {@link Lookup} in
 * {@code java.base}, which has native access in every JVM: no flag, no warning, also under {@code
 * --illegal-native-access=deny}.
 */
final class ForeignCalls {

  /** More than the struct of Linux 6.18 has, 248 bytes, which has only ever grown. */
  private static final int ROOM = 512;

  /** Internal names of the lookup in its source and in {@code java.base}: of the same length. */
  private static final String SOURCE = "io/hbagent/tcp/Lookup";

  private static final String NAME = "sun/nio/ch/HbAgentFfm";

  private static final String PACKAGE = "java.lang.foreign.";

  private static boolean failed;
  private static ForeignCalls instance;

  /** {@code (int descriptor, int level, int option)int}. */
  private final MethodHandle getsockopt;

  private final ByteBuffer value;
  private final ByteBuffer length;

  private ForeignCalls() throws Throwable {
    MethodHandles.Lookup lookup = lookup();
    Class<?> linkerType = Class.forName(PACKAGE + "Linker");
    Class<?> segmentType = Class.forName(PACKAGE + "MemorySegment");
    Class<?> layoutType = Class.forName(PACKAGE + "MemoryLayout");
    Class<?> descriptorType = Class.forName(PACKAGE + "FunctionDescriptor");
    Class<?> optionType = Class.forName(PACKAGE + "Linker$Option");
    Class<?> valueLayout = Class.forName(PACKAGE + "ValueLayout");
    Object linker = linkerType.getMethod("nativeLinker").invoke(null);

    Object anInt = valueLayout.getField("JAVA_INT").get(null);
    Object address = valueLayout.getField("ADDRESS").get(null);
    Object parameters = Array.newInstance(layoutType, 5);
    for (int i = 0; i < 5; i++) {
      Array.set(parameters, i, i < 3 ? anInt : address);
    }
    Object signature =
        descriptorType
            .getMethod("of", layoutType, parameters.getClass())
            .invoke(null, anInt, parameters);
    Object symbols = linkerType.getMethod("defaultLookup").invoke(linker);
    Object symbol =
        ((Optional<?>)
                Class.forName(PACKAGE + "SymbolLookup")
                    .getMethod("find", String.class)
                    .invoke(symbols, "getsockopt"))
            .get();
    Object options = Array.newInstance(optionType, 0);
    MethodHandle downcall =
        lookup.findVirtual(
            linkerType,
            "downcallHandle",
            MethodType.methodType(
                MethodHandle.class, segmentType, descriptorType, options.getClass()));
    MethodHandle call =
        (MethodHandle) downcall.asFixedArity().invoke(linker, symbol, signature, options);

    Class<?> arenaType = Class.forName(PACKAGE + "Arena");
    Object arena = arenaType.getMethod("ofAuto").invoke(null); // as long as this object lives
    Method allocate = arenaType.getMethod("allocate", long.class, long.class);
    Method asBuffer = segmentType.getMethod("asByteBuffer");
    Object valueSegment = allocate.invoke(arena, (long) ROOM, 8L);
    Object lengthSegment = allocate.invoke(arena, 4L, 4L);
    value = ((ByteBuffer) asBuffer.invoke(valueSegment)).order(ByteOrder.nativeOrder());
    length = ((ByteBuffer) asBuffer.invoke(lengthSegment)).order(ByteOrder.nativeOrder());
    getsockopt = MethodHandles.insertArguments(call, 3, valueSegment, lengthSegment);
  }

  /**
   * Returns the calls, linked when first needed; null before JDK 22, and where linking has failed.
   */
  static synchronized ForeignCalls get() {
    if (instance == null && !failed) {
      failed = true; // unless this ends well: a second attempt would end as the first
      try {
        // Not the preview of JDK 21, which has this method under another name.
        Class.forName(PACKAGE + "MemorySegment").getMethod("getString", long.class);
        instance = new ForeignCalls();
        failed = false;
      } catch (OutOfMemoryError e) {
        failed = false;
        throw e;
      } catch (Throwable e) {
        // JDK 8 to 21, or a JVM without native access: then TCP_INFO has four bytes.
      }
    }
    return instance;
  }

  /** Returns a lookup whose class is in {@code java.base}, which is defined if it is not there. */
  private static MethodHandles.Lookup lookup() throws Throwable {
    MethodHandles.Lookup inPackage =
        (MethodHandles.Lookup)
            MethodHandles.class
                .getMethod("privateLookupIn", Class.class, MethodHandles.Lookup.class)
                .invoke(null, Class.forName("sun.nio.ch.Net"), MethodHandles.lookup());
    Class<?> defined;
    try {
      defined = Class.forName(NAME.replace('/', '.'), true, null);
    } catch (ClassNotFoundException e) {
      defined =
          (Class<?>)
              MethodHandles.Lookup.class
                  .getMethod("defineClass", byte[].class)
                  .invoke(inPackage, (Object) classFile());
    }
    Method lookup = defined.getDeclaredMethod("lookup");
    lookup.setAccessible(true);
    return (MethodHandles.Lookup) lookup.invoke(null);
  }

  /** Returns the class file of the lookup with its name in {@code java.base}. */
  private static byte[] classFile() throws IOException {
    try (InputStream in =
        ForeignCalls.class.getClassLoader().getResourceAsStream(SOURCE + ".class")) {
      if (in == null) {
        throw new IOException(SOURCE + " is missing from the jar");
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[1024];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      String text = new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
      return text.replace(SOURCE, NAME).getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * Returns the struct of a socket: as many bytes as this kernel fills, in the order of the
   * machine. The buffer is used again by the next call.
   *
   * @throws IOException if the kernel refuses: closed, or not TCP
   */
  ByteBuffer tcpInfo(int descriptor) throws IOException {
    length.putInt(0, ROOM);
    int result;
    try {
      result = (int) getsockopt.invokeExact(descriptor, Options.TCP_LEVEL, Options.CURRENT.info);
    } catch (Throwable e) {
      throw new IOException(e);
    }
    if (result != 0) {
      throw new IOException("getsockopt(TCP_INFO) is refused for descriptor " + descriptor);
    }
    value.clear();
    value.limit(length.getInt(0));
    return value;
  }
}
