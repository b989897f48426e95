package io.hbagent.testapp.probe;

import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.util.ArrayList;
import java.util.List;

/** The calls by which an application changes keepalive, by name, with the values it sets. */
final class Calls {
  private static final String[] EXTENDED = {"TCP_KEEPIDLE", "TCP_KEEPINTERVAL", "TCP_KEEPCOUNT"};
  private static final int[] VALUES = {77, 78, 9};

  private Calls() {}

  /** Returns the calls that this JDK has for sockets, or for channels. */
  static List<String> possible(boolean isSocket) {
    List<String> calls = new ArrayList<>();
    if (isSocket) {
      calls.add("setKeepAlive");
      calls.add("setKeepAlive-off-on");
      calls.add("setKeepAlive-on-off");
      if (!Newer.hasSocketSetOption()) {
        return calls;
      }
    }
    calls.add("SO_KEEPALIVE");
    for (String name : EXTENDED) {
      if (Newer.extendedOption(name) != null) {
        calls.add(name);
      }
    }
    if (calls.contains("TCP_KEEPCOUNT")) {
      calls.add("all");
    }
    return calls;
  }

  /** Makes the call on a socket or channel; "" makes none. */
  static void make(String call, Object held) throws Exception {
    if (call.startsWith("setKeepAlive")) {
      Socket socket = (Socket) held;
      if (call.endsWith("-off-on")) {
        socket.setKeepAlive(false);
        socket.setKeepAlive(true);
      } else if (call.endsWith("-on-off")) {
        socket.setKeepAlive(true);
        socket.setKeepAlive(false);
      } else {
        socket.setKeepAlive(false);
      }
    } else if (call.equals("SO_KEEPALIVE")) {
      set(held, StandardSocketOptions.SO_KEEPALIVE, false);
    } else if (call.equals("all")) {
      set(held, StandardSocketOptions.SO_KEEPALIVE, true);
      for (String name : EXTENDED) {
        make(name, held);
      }
    } else if (!call.isEmpty()) {
      for (int i = 0; i < EXTENDED.length; i++) {
        if (call.equals(EXTENDED[i])) {
          set(held, Newer.extendedOption(call), VALUES[i]);
        }
      }
    }
  }

  private static <T> void set(Object held, SocketOption<T> option, T value) throws Exception {
    if (held instanceof Socket) {
      Newer.setOption((Socket) held, option, value);
    } else {
      ((NetworkChannel) held).setOption(option, value);
    }
  }
}
