package io.hbagent.tcp;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * An unconnected TCP socket of the agent's own, to try options on.
 *
 * <p>Opened by the JDK's own provider, not by {@link SelectorProvider#provider()}, which may be one
 * of the application's.
 */
public final class OwnSocket implements Closeable {

  private final SocketChannel channel;
  private final FileDescriptor descriptor;

  private OwnSocket(SocketChannel channel, FileDescriptor descriptor) {
    this.channel = channel;
    this.descriptor = descriptor;
  }

  /**
   * Opens one.
   *
   * @throws IOException when the process has no descriptors left
   * @throws ReflectiveOperationException when this JDK is made otherwise than those we know
   */
  public static OwnSocket open() throws IOException, ReflectiveOperationException {
    Method getDescriptor = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFD");
    getDescriptor.setAccessible(true);
    SocketChannel channel = provider().openSocketChannel();
    return new OwnSocket(channel, (FileDescriptor) getDescriptor.invoke(channel));
  }

  private static SelectorProvider provider() throws ReflectiveOperationException {
    Class<?> source = Class.forName("sun.nio.ch.DefaultSelectorProvider");
    Method method;
    try {
      method = source.getMethod("get");
    } catch (NoSuchMethodException e) {
      method = source.getMethod("create"); // JDK 8 to 11
    }
    method.setAccessible(true);
    return (SelectorProvider) method.invoke(null);
  }

  /** Its descriptor, open until {@link #close}. */
  public FileDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
