/** logfmt lines, written by a thread of the log's own. */
package io.hbagent.log;
