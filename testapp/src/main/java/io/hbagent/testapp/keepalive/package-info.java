/**
 * TCP keepalive set by an application itself, through the JDK's public API: what hb-agent does for
 * applications that do not. The one class that needs Java 11, {@code JdkKeepalive}, is compiled
 * apart and loaded by name.
 */
package io.hbagent.testapp.keepalive;
