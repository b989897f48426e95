package io.hbagent.it;

import java.util.List;
import java.util.stream.Stream;

/** Runs commands as another user, and as root where that needs none: in a user namespace. */
public final class OtherUser {

  /** True if this user is root. */
  public static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

  /** What unshare(1) must be given besides the namespaces, to make them without root. */
  public static final String MAP_ROOT = IS_ROOT ? "" : "Ur";

  private OtherUser() {}

  /**
   * Returns a command prefix that runs a program as another user, or skips the test if Java cannot
   * be run that way.
   *
   * @param id user and group
   * @param more appended to the prefix
   */
  static List<String> prefix(String id, Jdk jdk, String... more) throws InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups"),
                Stream.of(more))
            .toList();
    Forked.assumeRuns(
        Stream.concat(command.stream(), Stream.of(jdk.java(), "-version")).toList(),
        "cannot run Java as another user");
    return command;
  }
}
