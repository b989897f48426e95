/**
 * The table of woven methods, with a reason a row; the transformer that weaves them; the bridge
 * class inside java.base; undo. Uses the JDK and, alone in the agent, the ASM of Byte Buddy. Knows
 * nothing of keepalive: it calls a {@link io.hbagent.hook.Listener}.
 */
package io.hbagent.hook;
