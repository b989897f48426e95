/** The least any agent can cost. */
public class Empty {
  public static void premain(String options) {}
}
