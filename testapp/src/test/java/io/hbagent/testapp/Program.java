package io.hbagent.testapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.hbagent.testapp.peer.Machine;
import io.hbagent.testapp.peer.Wait;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** A program of testapp that runs on a thread of this JVM as from its command line. */
public final class Program implements AutoCloseable {
  private static final long LIMIT_SECONDS = 60;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final CommandLine main;
  private final String[] args;
  private final long pausedBefore = Machine.pausedNanos();

  private Program(String typed, String... args) {
    this.args = args;
    InputStream stdin = System.in;
    // The programs take System.in when they are made. Surefire talks to this JVM through the real
    // one, which must therefore not be read.
    System.setIn(new ByteArrayInputStream(typed.getBytes(Charset.defaultCharset())));
    try {
      main = Main.commandLine();
    } finally {
      System.setIn(stdin);
    }
    main.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    Thread thread = new Thread(() -> exit.complete(main.execute(args)), String.join(" ", args));
    thread.setDaemon(true);
    thread.start();
  }

  /** Starts a program with empty standard input; the arguments are separated by blanks. */
  public static Program of(String args) {
    return typing("", args);
  }

  /** Starts a program with these lines as standard input. */
  public static Program typing(String typed, String args) {
    return new Program(typed, args.split(" "));
  }

  /** Starts a program with arguments that may hold blanks. */
  static Program start(String... args) {
    return new Program("", args);
  }

  /** Starts a server on a free port. */
  static Program serve(String kind, String host) {
    return start(kind, "server", "--host", host, "--port", "0");
  }

  /** Starts a client of this server, which ends by itself. */
  Program client(String kind, String host, String... more) {
    String port = Integer.toString(port());
    List<String> all = new ArrayList<>(List.of(kind, "client", "--host", host, "--port", port));
    all.addAll(List.of(more));
    return start(all.toArray(new String[0]));
  }

  /** Returns the port this server listens on. */
  public int port() {
    return Integer.parseInt(await("listening on .*:(\\d+)").group(1));
  }

  /** Opens a connection to this server. */
  public Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    return socket;
  }

  /** Waits until a line of stdout matches, after the time that some programs begin it with. */
  public Matcher await(String regex) {
    Pattern pattern = Pattern.compile("(?m)^(?: *\\d+\\.\\d{3} )?" + regex + "$");
    Matcher[] found = new Matcher[1];
    Wait.until(
        () -> {
          found[0] = pattern.matcher(out());
          return found[0].find();
        },
        () -> "no line '" + regex + "' in: " + this);
    return found[0];
  }

  /**
   * Waits until the program reports that its peer is dead, and expects the report in this time, in
   * seconds of silence; if later, then by no more than this machine has paused since the start.
   */
  public void deadAfter(String cause, double soonest, double latest) {
    double seconds =
        Double.parseDouble(await("dead: " + cause + ", nothing heard for (.*) s").group(1));
    double paused = (Machine.pausedNanos() - pausedBefore) / 1e9;
    assertTrue(
        seconds >= soonest && seconds <= latest + paused,
        () -> "not within " + soonest + " s to " + latest + " s + " + paused + " s: " + this);
  }

  /** Waits until the program ends, and expects this of it. */
  public Program exits(int code) {
    try {
      assertEquals(code, exit.get(LIMIT_SECONDS, TimeUnit.SECONDS), this::toString);
      return this;
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return fail(toString(), e);
    }
  }

  /** Returns standard output so far. */
  public String out() {
    return out.toString();
  }

  /** Returns standard error so far. */
  public String err() {
    return err.toString();
  }

  /** Stops a server. */
  @Override
  public void close() throws IOException {
    CommandLine command = main.getSubcommands().get(args[0]).getSubcommands().get(args[1]);
    await("listening on .*");
    ((Closeable) command.getCommandSpec().userObject()).close();
    exits(0);
  }

  @Override
  public String toString() {
    return String.join(" ", args) + "\nout: " + out + "\nerr: " + err;
  }
}
