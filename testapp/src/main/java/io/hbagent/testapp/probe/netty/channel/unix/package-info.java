/** A class of the shape of Netty's native transports, as a relocated copy has it. */
package io.hbagent.testapp.probe.netty.channel.unix;
