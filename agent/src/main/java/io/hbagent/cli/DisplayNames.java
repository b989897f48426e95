package io.hbagent.cli;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The names the attach API gives to the JVMs that this user may see. It reads the files the JVMs
 * keep for it ({@code hsperfdata}); no JVM is touched.
 */
final class DisplayNames {

  private DisplayNames() {}

  static Map<Long, String> read() {
    Class<?> type = AttachApi.find();
    if (type == null) {
      return new HashMap<>();
    }
    Map<Long, String> names = new HashMap<>();
    try {
      List<?> machines = (List<?>) type.getMethod("list").invoke(null);
      for (Object machine : machines) {
        // Of the descriptor's exported class, not of the provider's.
        Class<?> descriptor =
            Class.forName(
                "com.sun.tools.attach.VirtualMachineDescriptor", false, type.getClassLoader());
        Method id = descriptor.getMethod("id");
        Method name = descriptor.getMethod("displayName");
        String pid = (String) id.invoke(machine);
        names.put(Long.valueOf(pid), String.valueOf(name.invoke(machine)));
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      return names; // /proc has told what there is
    }
    return names;
  }
}
