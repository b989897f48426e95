/**
 * Option text and properties file become one immutable {@link io.hbagent.config.Settings}. {@link
 * io.hbagent.config.Key} is the one table of keys, from which parsing, errors, help and the
 * README's table come. Uses {@code keepalive}.
 */
package io.hbagent.config;
