/** What a copy of Netty's native transports looks like to an agent. */
package io.hbagent.testapp.probe.netty.channel.unix;
