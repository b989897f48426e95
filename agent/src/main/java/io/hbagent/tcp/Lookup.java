package io.hbagent.tcp;

import java.lang.invoke.MethodHandles;

/**
 * A class that {@link ForeignCalls} defines inside {@code java.base}, under another name, and that
 * is never loaded by the agent's own loader: the caller of {@code Linker.downcallHandle} must be in
 * a module that has native access, or the JVM prints a warning, or refuses. A lookup made by {@code
 * privateLookupIn} may not find that method; one made inside may.
 *
 * <p>It stays in {@code java.base} until the JVM ends, and an agent attached later uses it: it must
 * never change. Neither the class nor its method is accessible to code that could not define it.
 */
final class Lookup {

  private Lookup() {}

  @SuppressWarnings("unused") // by ForeignCalls, by a method handle
  private static MethodHandles.Lookup lookup() {
    return MethodHandles.lookup();
  }
}
