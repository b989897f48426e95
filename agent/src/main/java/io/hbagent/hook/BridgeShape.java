package io.hbagent.hook;

/** Whether the bridge another agent left in {@code java.base} is the one this agent knows. */
final class BridgeShape {

  private BridgeShape() {}

  /** By reflection, because linking to a bridge of another shape would fail with no word why. */
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
    try {
      return String.valueOf(bridge.getField("version").get(null));
    } catch (NoSuchFieldException e) {
      return "of an early version";
    }
  }
}
