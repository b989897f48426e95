/**
 * The running agent: how it starts, with the JVM or attached to it, its one thread, the settings in
 * force, and how it ends.
 */
package io.hbagent.runtime;
