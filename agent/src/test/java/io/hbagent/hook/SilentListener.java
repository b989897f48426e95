package io.hbagent.hook;

import java.io.FileDescriptor;
import java.net.InetAddress;

/** A listener that does nothing, for tests to override. */
class SilentListener extends Listener {

  @Override
  protected String command(String request) {
    return request;
  }

  @Override
  protected void nativeCode() {}

  @Override
  protected void connecting(FileDescriptor fd, InetAddress remote, int port) throws Exception {}

  @Override
  protected void listening(FileDescriptor fd) throws Exception {}

  @Override
  protected void accepted(FileDescriptor from, FileDescriptor fd, InetAddress remote, int port)
      throws Exception {}

  @Override
  protected void closing(FileDescriptor fd) {}

  @Override
  protected void optionSet(FileDescriptor fd, Object option) {}

  @Override
  protected void openedNumber(int number) {}

  @Override
  protected void connectingNumber(int number, InetAddress remote, int port) {}

  @Override
  protected void connectedNumber(int number) {}

  @Override
  protected void optionSetNumber(int number, String option) {}

  @Override
  protected void optionSetNumber(int number, int level, int option) {}

  @Override
  protected void closingNumber(int number) {}
}
