package io.hbagent.config;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;

/**
 * Watches a small file for change: edited in place, replaced by rename, or reached by a symbolic
 * link that now leads elsewhere (as Kubernetes does it for a ConfigMap).
 *
 * <p>Reads what the path leads to. Not its attributes: {@code java.nio.file} would be initialised
 * on the agent's thread, before the application has set the properties it depends on, and {@code
 * java.io.File} knows no inode. A watch service would be a thread more, and does not see a link on
 * the way that is swapped. A change counts once two looks have seen the same: a file that is being
 * written is not read half. One thread.
 */
public final class FileWatch {

  private static final String ABSENT = "absent";

  /** Of a larger file only the beginning and its length are compared. */
  private static final int MOST = 1 << 20;

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

  /**
   * Returns whether the file has come to rest in another state than when this last returned true.
   */
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

  /** Returns whether the file was last seen as when {@link #changed} last returned true. */
  public boolean isAtRest() {
    return last.equals(settled);
  }

  private String look() {
    if (!file.isFile()) {
      return ABSENT; // also a pipe, which would have to be waited for
    }
    CRC32 content = new CRC32();
    try (InputStream in = new FileInputStream(file)) {
      byte[] buffer = new byte[8192];
      int n;
      for (int length = 0; length < MOST && (n = in.read(buffer)) > 0; length += n) {
        content.update(buffer, 0, n);
      }
      return file.length() + " " + content.getValue();
    } catch (IOException | RuntimeException e) {
      return ABSENT;
    }
  }
}
