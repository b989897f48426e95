package io.hbagent.testapp.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Throws frames of nonsense at a server, a few to each of 10,000 connections, since the first bad
 * one ends what the server reads: 10,000 at least are looked at. A connection ends in one of three
 * ways: closed, reset, or kept half-open until the end. The seed is fixed. On a machine that is
 * done with them before the well-behaved client was served 100 times, there are more.
 */
public final class Fuzz {
  private static final int CONNECTIONS = 10_000;
  private static final int TRIPS = 100;

  /**
   * Limit of round trips; one in 20 may be slower on a virtual machine with overcommitted
   * processors, where the server's processor may pause for seconds while the clock's does not. A
   * read fails after a minute.
   */
  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final int MAX_PER_CONNECTION = 3;
  private static final int MAX_KEPT = 100;

  private Fuzz() {}

  /** A well-behaved client, which fails when it is not served. */
  public interface RoundTrip {
    /** Sends a question and checks the answer; {@code number} counts the calls. */
    void make(Socket socket, int number) throws IOException;
  }

  /** Runs the attack and checks that other clients were served and nothing was left behind. */
  public static void run(Serving server, Function<Random, byte[]> frames, RoundTrip roundTrip)
      throws Exception {
    try (Socket good = server.connect()) {
      roundTrip.make(good, 0);
      int descriptors = Serving.openDescriptors();
      AtomicInteger trips = new AtomicInteger();
      CompletableFuture<Void> attack =
          CompletableFuture.runAsync(() -> attack(server, frames, () -> trips.get() >= TRIPS));
      int slow = 0;
      while (!attack.isDone()) {
        long start = System.nanoTime() - Machine.pausedNanos();
        roundTrip.make(good, trips.incrementAndGet());
        if (System.nanoTime() - Machine.pausedNanos() - start > SLOW_NANOS) {
          slow++;
        }
      }
      attack.get();
      int bearable = Machine.isSteady() ? 0 : trips.get() / 20;
      assertTrue(slow <= bearable, slow + " of " + trips + " round trips were slow");
      Wait.until(() -> server.clients() == 1, () -> server.clients() + " clients are left");
      // One more, after which the selector has removed closed connections.
      roundTrip.make(good, trips.incrementAndGet());
      Wait.until(
          () -> Serving.openDescriptors() <= descriptors,
          () -> Serving.openDescriptors() + " descriptors are open, " + descriptors + " before");
      assertEquals(1, server.clients());
      // They were detected, unless they reset the connection before they were read.
      long found =
          server.output().lines().filter(line -> line.contains("gone: malformed: ")).count();
      assertTrue(found > CONNECTIONS / 10, found + " of " + CONNECTIONS + " were malformed");
    }
    Wait.until(() -> server.clients() == 0, () -> "the well-behaved client is left");
  }

  private static void attack(
      Serving server, Function<Random, byte[]> frames, BooleanSupplier mayEnd) {
    long start = System.nanoTime();
    Random random = new Random(50005);
    Socket[] kept = new Socket[MAX_KEPT];
    try {
      for (int made = 0; made < CONNECTIONS || !mayEnd.getAsBoolean(); made++) {
        assertTrue(System.nanoTime() - start < LIMIT_NANOS, made + " connections in five minutes");
        Socket socket = server.connect();
        sendAll(socket, 1 + random.nextInt(MAX_PER_CONNECTION), frames, random);
        if (random.nextInt(3) == 0) {
          int place = random.nextInt(kept.length);
          close(kept[place]);
          kept[place] = socket;
        } else {
          socket.setSoLinger(random.nextBoolean(), 0);
          socket.close();
        }
      }
      for (Socket socket : kept) {
        close(socket);
      }
    } catch (IOException e) {
      throw new IllegalStateException("the malformed client could not connect", e);
    }
  }

  private static void sendAll(
      Socket socket, int count, Function<Random, byte[]> frames, Random random) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int i = 0; i < count; i++) {
        out.write(frames.apply(random));
      }
    } catch (IOException e) {
      // Dropped in the middle, as it should be.
    }
  }

  private static void close(Socket socket) throws IOException {
    if (socket != null) {
      socket.close();
    }
  }
}
