/** Stands for a copy of Netty: its name ends as that of Netty's own package does. */
package io.hbagent.hook.netty.channel.unix;
