import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Loads as many classes as a system property requests from the jar beside it, and then runs
 * TwoSockets.
 */
public class ManyClasses {
  public static void main(String[] args) throws Exception {
    int count = Integer.getInteger("classes");
    File folder = new File(System.getProperty("java.class.path"));
    URL[] jar = {new File(folder, "classes.jar").toURI().toURL()};
    try (URLClassLoader loader = new URLClassLoader(jar)) {
      for (int i = 1; i <= count; i++) {
        String digits = Integer.toString(100_000 + i).substring(1);
        Class.forName("Class" + digits, true, loader);
      }
    }
    TwoSockets.main(args);
  }
}
