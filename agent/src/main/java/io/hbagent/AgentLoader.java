package io.hbagent;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.PermissionCollection;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The class loader of the agent, apart from the application, from the same jar.
 *
 * <p>Its parent is the boot loader: the agent sees the JDK and itself, whatever the class path
 * holds, and {@code java.base} can be opened to this loader's module alone. Any thread that passes
 * a hook may load a class here, so it reads the jar directly, without URLs and their handlers,
 * which is also the quicker start.
 *
 * <p>The classes lie in the jar in three archives, each of which is read at once: the classes that
 * every start needs, those of the command line, and the rest. The JVM reads every entry of a jar
 * when it opens it, and loading a class from an entry of its own takes some 50 µs more; with the
 * archives the start of a small program is some 8 ms shorter. The application's class path shows
 * the entry points and no other class of the agent.
 */
final class AgentLoader extends ClassLoader implements Closeable, Runnable {

  static {
    registerAsParallelCapable();
  }

  /** The parts for the agent, in the order in which they are searched. */
  static final String[] AGENT = {"start", "rest"};

  /** The parts for the command line. */
  static final String[] COMMAND_LINE = {"cli", "rest", "start"};

  private final File file;
  private final ZipFile jar;
  private final ProtectionDomain domain;
  private final String[] parts;

  /** The entries of the parts read so far, by name, with dots instead of slashes. */
  private final Map<String, byte[]> entries = new HashMap<>(512);

  private int partsRead;

  AgentLoader(File file, ClassLoader parent, String[] parts) throws IOException {
    super(parent);
    this.file = file;
    this.parts = parts;
    this.jar = new ZipFile(file);
    AllPermission all = new AllPermission();
    PermissionCollection permissions = all.newPermissionCollection();
    permissions.add(all);
    CodeSource source = new CodeSource(file.toURI().toURL(), (Certificate[]) null);
    // Two arguments: these permissions and no policy's, also under a security manager.
    this.domain = new ProtectionDomain(source, permissions);
  }

  /** Does not ask the boot loader for the agent's names: it would search the JDK in vain. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("io.hbagent.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] found;
    try {
      found = find(name.concat(".class"));
    } catch (IOException | RuntimeException e) {
      throw new ClassNotFoundException(name + " cannot be read from " + file, e);
    }
    if (found == null) {
      throw new ClassNotFoundException(name + " is missing from " + file);
    }
    try {
      return defineClass(name, found, 0, found.length, domain);
    } catch (LinkageError e) {
      // Another agent's transformer, shown this class here, may have loaded it through one that
      // names it (Datadog's does). The lock on its name is held, so no other thread can have.
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        throw e;
      }
      return loaded;
    }
  }

  /**
   * Returns the bytes of an entry of the parts, or null.
   *
   * @param name with dots instead of slashes: a class's path would have to be made of its name
   */
  private byte[] find(String name) throws IOException {
    synchronized (entries) {
      byte[] found = entries.get(name);
      while (found == null && readNextPart()) {
        found = entries.get(name);
      }
      return found;
    }
  }

  /**
   * Reads the classes that are not loaded yet into memory and closes the jar, so that it may be
   * overwritten.
   */
  @Override
  public void run() {
    synchronized (entries) {
      try {
        boolean more = true;
        while (more) {
          more = readNextPart();
        }
        Iterator<String> names = entries.keySet().iterator();
        while (names.hasNext()) {
          if (isLoaded(names.next())) {
            names.remove();
          }
        }
        jar.close();
      } catch (IOException | RuntimeException e) {
        // then classes come from the jar as before
      }
    }
  }

  private boolean isLoaded(String entry) {
    return entry.endsWith(".class")
        && findLoadedClass(entry.substring(0, entry.length() - ".class".length())) != null;
  }

  /** Reads the next of the parts; returns false if there is none. */
  private boolean readNextPart() throws IOException {
    if (partsRead == parts.length) {
      return false;
    }
    ZipEntry part = jar.getEntry("io/hbagent/" + parts[partsRead] + ".zip");
    try (ZipInputStream in = new ZipInputStream(jar.getInputStream(part))) {
      ZipEntry entry = in.getNextEntry();
      while (entry != null) {
        entries.put(entry.getName(), read(in, entry));
        entry = in.getNextEntry();
      }
    }
    partsRead++;
    return true;
  }

  /** Reads an entry whose size is known before it is read: one that is stored, or of the jar. */
  private static byte[] read(InputStream in, ZipEntry entry) throws IOException {
    byte[] bytes = new byte[(int) entry.getSize()];
    new DataInputStream(in).readFully(bytes);
    return bytes;
  }

  /** Closes the jar: no part is read any more. */
  @Override
  public void close() throws IOException {
    jar.close();
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    try {
      byte[] found = find(name.replace('/', '.'));
      if (found != null) {
        return new ByteArrayInputStream(found);
      }
      ZipEntry entry = jar.getEntry(name);
      return entry == null
          ? null
          : new ByteArrayInputStream(read(jar.getInputStream(entry), entry));
    } catch (IOException | RuntimeException e) {
      return null; // as ClassLoader has it
    }
  }
}
