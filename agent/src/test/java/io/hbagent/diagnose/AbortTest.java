package io.hbagent.diagnose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hbagent.keepalive.Conflict;
import io.hbagent.keepalive.KeepaliveManager;
import io.hbagent.keepalive.OpenSocket;
import io.hbagent.keepalive.Rules;
import io.hbagent.tcp.FakeSockets;
import io.hbagent.tcp.Kernel;
import io.hbagent.tcp.TcpInfo;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which connections an abort ends, on sockets in memory. */
class AbortTest {

  private final FakeSockets sockets = new FakeSockets();
  private final KeepaliveManager manager = new KeepaliveManager(Rules.OFF, Conflict.ENFORCE);

  @BeforeEach
  void open() {
    sockets.open(4);
    sockets.listen(4, 8080);
    sockets.accept(4, 5, "192.0.2.1", 999);
    connect(6, "10.0.0.7", 5432);
    connect(7, "10.0.0.8", 5432);
    sockets.open(8);
  }

  @AfterEach
  void close() {
    sockets.close();
  }

  private void connect(int number, String host, int port) {
    sockets.open(number);
    sockets.connect(number, 40_000 + number, host, port);
  }

  private List<OpenSocket> find(String... targets) {
    return Abort.find(manager, Stream.of(targets).map(AbortTarget::parse).toList());
  }

  private List<Integer> numbers(String... targets) {
    return find(targets).stream().map(each -> each.number).toList();
  }

  private int state(int number) throws IOException {
    return TcpInfo.state(Kernel.info(Kernel.wrap(number)));
  }

  @Test
  void remoteEndsAndDescriptorsNameConnections() {
    assertEquals(List.of(6), numbers("10.0.0.7:5432"));
    assertEquals(List.of(6, 7), numbers(":5432"));
    assertEquals(List.of(6, 7), numbers("10.0.0.0/24"));
    assertEquals(List.of(5, 7), numbers("10.0.0.8", "5", "7"));
    assertEquals(List.of(5, 6, 7), numbers("*"), "no listener, and none that is not connected");
  }

  @Test
  void whatNamesNothingIsOneSentenceWithACure() {
    assertEquals(
        "no connection has the remote end :81; status shows those there are; nothing was changed",
        refused("5", ":81"));
    assertEquals(
        "descriptor 4 is a listener on port 8080, and only connections are ended; name one, which"
            + " abort '*' --dry-run shows; nothing was changed",
        refused("4"));
    assertTrue(refused("8").startsWith("descriptor 8 is a socket that is not connected"));
    assertTrue(refused("9").startsWith("descriptor 9 is no TCP connection of this process;"));
    assertTrue(refused("db:5432").startsWith("db:5432 names no connection (db is no address;"));
    assertTrue(refused("").startsWith(" names no connection (it is empty); allowed is"));
  }

  private String refused(String... targets) {
    return assertThrows(IllegalArgumentException.class, () -> find(targets)).getMessage();
  }

  @Test
  void theOneThatWasListedEnds() throws IOException {
    assertNull(Abort.end(find("6").get(0)));
    assertEquals(TcpInfo.CLOSE, state(6));
    assertEquals(TcpInfo.ESTABLISHED, state(7));
    assertEquals(5, sockets.descriptors().length, "the duplicate is closed");
  }

  @Test
  void anotherOneWithItsNumberDoesNot() throws IOException {
    OpenSocket listed = find("6").get(0);
    String exact = AbortTarget.exact(listed.number, listed.inode);
    assertEquals(List.of(6), numbers(exact));
    sockets.close(6);
    assertEquals(Abort.GONE, Abort.end(listed));
    connect(6, "10.0.0.7", 5432);
    assertEquals(Abort.GONE, Abort.end(listed));
    assertEquals(List.of(), numbers(exact));
    assertEquals(TcpInfo.ESTABLISHED, state(6));
  }

  @Test
  void neitherDoesOneThatHasEndedByItself() {
    OpenSocket listed = find("6").get(0);
    sockets.state(6, TcpInfo.CLOSE);
    assertEquals(Abort.GONE, Abort.end(listed));
  }
}
