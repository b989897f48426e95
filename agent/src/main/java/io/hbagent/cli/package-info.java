/**
 * {@code java -jar hb-agent.jar …}: what runs in the user's terminal. Nothing of it is ever loaded
 * in a JVM the agent is in. Alone in the agent in using picocli and byte-buddy-agent.
 */
package io.hbagent.cli;
