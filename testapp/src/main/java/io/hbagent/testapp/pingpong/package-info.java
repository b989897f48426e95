/**
 * Fixed-size frames with a type in front: the client asks PING after a silence, the server says
 * PONG. {@link io.hbagent.testapp.pingpong.Frame} and {@link
 * io.hbagent.testapp.pingpong.FrameDecoder} are the wire, {@link
 * io.hbagent.testapp.pingpong.PingPongService} and {@link
 * io.hbagent.testapp.pingpong.PingPongDialogue} what each side says.
 */
package io.hbagent.testapp.pingpong;
