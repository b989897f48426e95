package io.hbagent.it;

import java.util.List;
import java.util.stream.Stream;

/** Runs commands as another user. */
final class OtherUser {

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
