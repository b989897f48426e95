/** Text for terminals, logs and JSON: values that others chose made printable, and time stamps. */
package io.hbagent.text;
