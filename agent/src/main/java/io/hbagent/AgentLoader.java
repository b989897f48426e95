package io.hbagent;

import io.hbagent.hook.BootClasses;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.AllPermission;
import java.security.CodeSource;
import java.security.PermissionCollection;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Loads the agent apart from the application, from the same jar.
 *
 * <p>Its parent is the boot loader: the agent sees the JDK and itself, whatever the class path
 * holds, and {@code java.base} can be opened to this loader's module alone. Any thread that passes
 * a hook may load a class here, so it reads the jar directly, without URLs and their handlers,
 * which is also the quicker start.
 */
final class AgentLoader extends ClassLoader implements Closeable {

  static {
    registerAsParallelCapable();
  }

  private final File file;
  private final ZipFile jar;
  private final ProtectionDomain domain;

  AgentLoader(File file) throws IOException {
    super(null);
    this.file = file;
    this.jar = new ZipFile(file);
    AllPermission all = new AllPermission();
    PermissionCollection permissions = all.newPermissionCollection();
    permissions.add(all);
    CodeSource source = new CodeSource(file.toURI().toURL(), (Certificate[]) null);
    // Two arguments: these permissions and no policy's, also under a security manager.
    this.domain = new ProtectionDomain(source, permissions);
  }

  /** Does not ask the boot loader for names that are ours: it would search the JDK in vain. */
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
    ZipEntry entry = jar.getEntry(name.replace('.', '/').concat(".class"));
    if (entry == null) {
      throw new ClassNotFoundException(name + " is missing from " + file);
    }
    try {
      byte[] bytes = read(entry);
      if (BootClasses.mustRename(name)) {
        bytes = BootClasses.rename(bytes);
      }
      return defineClass(name, bytes, 0, bytes.length, domain);
    } catch (IOException e) {
      throw new ClassNotFoundException(name + " cannot be read from " + file, e);
    }
  }

  /** Lets go of the jar. From then on no class is found that was not found before. */
  @Override
  public void close() throws IOException {
    jar.close();
  }

  private byte[] read(ZipEntry entry) throws IOException {
    byte[] bytes = new byte[(int) entry.getSize()];
    try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
      in.readFully(bytes);
    }
    return bytes;
  }

  @Override
  public InputStream getResourceAsStream(String name) {
    ZipEntry entry = jar.getEntry(name);
    try {
      return entry == null ? null : new ByteArrayInputStream(read(entry));
    } catch (IOException e) {
      return null; // as ClassLoader has it
    }
  }

  @Override
  protected URL findResource(String name) {
    try {
      return jar.getEntry(name) == null ? null : new URL("jar:" + file.toURI() + "!/" + name);
    } catch (MalformedURLException e) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL url = findResource(name);
    return url == null
        ? Collections.<URL>emptyEnumeration()
        : Collections.enumeration(Collections.singleton(url));
  }
}
