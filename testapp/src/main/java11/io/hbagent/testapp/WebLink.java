package io.hbagent.testapp;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** Messages as POST requests over one pooled connection. */
final class WebLink implements Link {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final InetSocketAddress address;

  /** Local end as 'http server' sees it: java.net.http does not expose it. */
  private final String local;

  WebLink(InetSocketAddress address) throws IOException {
    this.address = address;
    local =
        send("GET", "/", BodyPublishers.noBody()).headers().firstValue("X-Peer").orElse("unknown");
  }

  private HttpResponse<byte[]> send(String method, String path, BodyPublisher body)
      throws IOException {
    URI uri = URI.create("http://" + Endpoint.text(address) + path);
    try {
      return client.send(
          HttpRequest.newBuilder(uri).method(method, body).build(), BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public String local() {
    return local;
  }

  @Override
  public String remote() {
    return Endpoint.text(address);
  }

  @Override
  public void exchange(byte[] message) throws IOException {
    send("POST", "/", BodyPublishers.ofByteArray(message));
  }

  @Override
  public void idle(long millis) throws IOException {
    if (millis > 0) {
      send("GET", "/hold/" + millis, BodyPublishers.noBody());
    }
  }

  @Override
  public void close() {
    // The pool closes its connections when the client is garbage, and the program ends here.
  }
}
