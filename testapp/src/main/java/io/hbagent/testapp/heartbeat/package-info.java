/**
 * A server that sends lines back in upper case and throws out clients that fall silent, and a
 * client that keeps its place by sending {@code HeartBeat}. {@link
 * io.hbagent.testapp.heartbeat.LineDecoder} is the wire, {@link
 * io.hbagent.testapp.heartbeat.ExpiryQueue} the server's memory of who was heard when.
 */
package io.hbagent.testapp.heartbeat;
