package io.hbagent.hook;

/** Compares the bridge that another agent has left in {@code java.base} with this agent's own. */
final class BridgeShape {

  private BridgeShape() {}

  /**
   * Checks it by reflection: linking to a bridge of another shape would fail without a reason.
   *
   * @throws ReflectiveOperationException if the two differ, with a sentence for the user
   */
  static void check(Class<?> bridge) throws ReflectiveOperationException {
    int shape;
    try {
      shape = bridge.getField("SHAPE").getInt(null);
    } catch (NoSuchFieldException e) {
      shape = 0;
    }
    if (shape != Bridge.SHAPE) {
      throw new ReflectiveOperationException(
          "hb-agent "
              + version(bridge)
              + " was in this JVM before, and this version cannot take its place; use that version,"
              + " or restart the application");
    }
  }

  private static String version(Class<?> bridge) throws ReflectiveOperationException {
    Object version = null;
    try {
      version = bridge.getField("version").get(null);
    } catch (NoSuchFieldException e) {
      // an early one
    }
    return version == null ? "of another version" : version.toString();
  }
}
