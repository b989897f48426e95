package io.hbagent.config;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Tells when a file has changed: edited in place, replaced by rename, or reached by a symbolic link
 * that now leads elsewhere (as Kubernetes does it for a ConfigMap).
 *
 * <p>Looks at time, size and inode of what the path leads to. A watch service would be a thread
 * more, and does not see a link on the way that is swapped. A change counts once two looks have
 * seen the same: a file that is being written is not read half. One thread.
 */
public final class FileWatch {

  private static final String ABSENT = "absent";

  private final File file;
  private String settled;
  private String last = "";

  /**
   * Watches a file. The first state it is seen in counts as a change, because it may have changed
   * between the reading of the settings and now; but for a file that is still not there.
   *
   * @param wasRead whether it was there when the settings were read
   */
  public FileWatch(File file, boolean wasRead) {
    this.file = file;
    this.settled = wasRead ? "" : ABSENT;
  }

  /** Whether the file has come to rest in another state than when this last returned true. */
  public boolean changed() {
    String now = look();
    boolean atRest = now.equals(last);
    last = now;
    if (!atRest || now.equals(settled)) {
      return false;
    }
    settled = now;
    return true;
  }

  private String look() {
    try {
      BasicFileAttributes it = Files.readAttributes(file.toPath(), BasicFileAttributes.class);
      return it.fileKey() + " " + it.lastModifiedTime().toMillis() + " " + it.size();
    } catch (IOException | RuntimeException e) {
      return ABSENT;
    }
  }
}
