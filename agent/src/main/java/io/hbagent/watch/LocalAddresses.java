package io.hbagent.watch;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses of this machine that connections have had, each kept once: they are few, and a
 * socket the kernel has dropped does not tell them any more.
 */
final class LocalAddresses {

  private final List<InetAddress> all = new ArrayList<>();
  private final Map<InetAddress, Integer> indexes = new HashMap<>();

  int index(InetAddress address) {
    Integer index = indexes.get(address);
    if (index == null) {
      index = all.size();
      all.add(address);
      indexes.put(address, index);
    }
    return index;
  }

  InetAddress get(int index) {
    return all.get(index);
  }
}
