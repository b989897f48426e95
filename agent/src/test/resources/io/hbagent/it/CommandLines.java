import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Runs command lines of hb-agent.jar, which is on its class path, one after the other. Java 8.
 *
 * <p>A line of standard input is a command line: its words, each in Base64 and followed by a blank.
 * After a command a line with its exit code follows on standard output and on standard error.
 */
public class CommandLines {

  public static void main(String[] none) throws Exception {
    Method loader = Class.forName("io.hbagent.CliMain").getDeclaredMethod("loader");
    loader.setAccessible(true);
    Method run =
        ((ClassLoader) loader.invoke(null))
            .loadClass("io.hbagent.cli.Main")
            .getDeclaredMethod("run", String[].class);
    run.setAccessible(true);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    boolean clean = true;
    String line;
    while (clean && (line = lines.readLine()) != null) {
      String[] encoded = line.split(" ", -1);
      String[] words = new String[encoded.length - 1];
      for (int i = 0; i < words.length; i++) {
        words[i] = new String(Base64.getDecoder().decode(encoded[i]), StandardCharsets.UTF_8);
      }
      int code = (Integer) run.invoke(null, (Object) words);
      clean = !hasAttachThread();
      for (PrintStream stream : new PrintStream[] {System.out, System.err}) {
        stream.print("\n" + (clean ? "exit " : "last exit ") + code + "\n");
        stream.flush();
      }
    }
  }

  /** Returns whether a command that timed out has left its thread in the attach API; a user's JVM ends then. */
  private static boolean hasAttachThread() {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals("attach"));
  }
}
