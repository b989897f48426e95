/**
 * Which methods of which classes are woven, as one table with a reason a row; the weaver; the
 * bridge class inside java.base; undo. Uses the JDK and, alone in the agent, the ASM of Byte Buddy.
 * Knows nothing of keepalive: it calls a {@link io.hbagent.hook.Listener}.
 */
package io.hbagent.hook;
