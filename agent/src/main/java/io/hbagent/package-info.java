/**
 * The map of the agent.
 *
 * <table>
 * <caption>Packages: what lives there, what of ours they may use, what beyond the JDK's API</caption>
 * <tr><td>(root)</td><td>only what the JVM itself sees: AgentMain and CliMain, the entry points, and
 *   AgentLoader, which loads the rest apart from the application</td><td></td><td></td></tr>
 * <tr><td>runtime</td><td>the running agent: start, the agent's thread and its request queue, what
 *   is in force, attach, reconfigure, detach</td>
 *   <td>config, control, diagnose, hook, keepalive, log, tcp, text, watch</td><td></td></tr>
 * <tr><td>config</td><td>option text and properties file become Settings</td>
 *   <td>keepalive, text</td><td></td></tr>
 * <tr><td>keepalive</td><td>what to set on which connection, and setting it</td>
 *   <td>tcp</td><td></td></tr>
 * <tr><td>tcp</td><td>the kernel by file descriptor</td><td></td><td>sun.management, sun.nio.ch</td></tr>
 * <tr><td>hook</td><td>which methods are woven, and weaving them</td>
 *   <td></td><td>jdk.internal.foreign, jdk.internal.misc, jdk.net, net.bytebuddy.jar.asm, sun.instrument, sun.misc.Unsafe, sun.nio.ch</td></tr>
 * <tr><td>watch</td><td>half-open connections found, named and ended</td>
 *   <td>hook, keepalive, log, tcp, text</td><td>jdk.jfr</td></tr>
 * <tr><td>diagnose</td><td>why a connection hangs: facts in, one verdict out; ending a connection</td>
 *   <td>keepalive, tcp</td><td></td></tr>
 * <tr><td>control</td><td>what the agent says of itself</td>
 *   <td>config, diagnose, hook, keepalive, log, tcp, text</td><td>javax.management</td></tr>
 * <tr><td>cli</td><td>java -jar hb-agent.jar, in the user's terminal</td>
 *   <td>config, control, diagnose, keepalive, text</td><td>picocli, net.bytebuddy.agent, sun.tools.attach</td></tr>
 * <tr><td>log</td><td>logfmt lines, and the kind of thread that all of the agent are</td>
 *   <td>text</td><td></td></tr>
 * <tr><td>text</td><td>values that others chose made printable, and time stamps</td>
 *   <td></td><td></td></tr>
 * </table>
 *
 * <p>The table is a rule, not a picture: a test reads it here and holds it against the compiled
 * classes.
 *
 * <p>The way of a connection: a woven connect or accept of the JDK calls {@link
 * io.hbagent.hook.Bridge} with a descriptor, on the application's thread; the bridge calls {@link
 * io.hbagent.hook.Listener}; {@link io.hbagent.keepalive.KeepaliveManager} decides by the rules and
 * sets four options through {@link io.hbagent.tcp.Kernel}; the application goes on.
 *
 * <p>Three rings keep the agent from harming it: the bridge catches everything the listener throws;
 * the transformer and the thread catch their own; the entry points catch what is left and print one
 * line. Everything caught is counted in {@link io.hbagent.hook.Failures}.
 */
package io.hbagent;
