package io.hbagent.tcp;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** An unconnected TCP socket of the agent's own, to try options on. */
public final class OwnSocket implements Closeable {

  /** Open until {@link #close}. */
  public final FileDescriptor descriptor;

  private final SocketChannel channel;

  /**
   * Opens a socket by the JDK's own provider: {@link SelectorProvider#provider()} may be one of the
   * application's.
   *
   * @throws IOException when the process has no descriptors left
   * @throws ReflectiveOperationException when this JDK lacks what is known of the others
   */
  public OwnSocket() throws IOException, ReflectiveOperationException {
    Method getDescriptor = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFD");
    getDescriptor.setAccessible(true);
    channel = provider().openSocketChannel();
    descriptor = (FileDescriptor) getDescriptor.invoke(channel);
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

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
