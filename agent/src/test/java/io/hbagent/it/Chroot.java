package io.hbagent.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A shell script that runs a command in a chroot, to be started in a mount namespace of its own.
 */
final class Chroot {

  private Chroot() {}

  /**
   * Writes the script. Its arguments are the root folder and the command.
   *
   * @param folders names of the system's folders that are mounted in the root
   * @param prefix in front of the command, or empty
   */
  static Path script(Path file, String folders, String prefix) throws IOException {
    return Files.writeString(
        file,
        """
        root=$1; shift
        for folder in FOLDERS; do
          if [ -L /$folder ]; then cp -P /$folder $root/; continue; fi
          [ -d /$folder ] || continue
          mkdir -p $root/$folder && mount --rbind /$folder $root/$folder || exit 3
        done
        exec chroot $root PREFIX "$@"
        """
            .replace("FOLDERS", folders)
            .replace("PREFIX", prefix));
  }
}
