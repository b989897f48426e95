/**
 * What every program that watches its peer needs, whatever it says on the wire: the selector loops
 * ({@link io.hbagent.testapp.peer.ServerLoop}, {@link io.hbagent.testapp.peer.ClientLoop}), the
 * timer that decides when to probe and when to give up ({@link
 * io.hbagent.testapp.peer.ProbeTimer}), and the words for how a connection ended ({@link
 * io.hbagent.testapp.peer.Ending}).
 *
 * <p>A protocol plugs in as a {@link io.hbagent.testapp.peer.Service} on the server side and a
 * {@link io.hbagent.testapp.peer.Dialogue} on the client side; neither sees a socket. Every loop
 * runs on one thread, and no class here is safe for two, unless it says so.
 */
package io.hbagent.testapp.peer;
