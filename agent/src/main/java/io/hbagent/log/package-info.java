/** logfmt lines, written by a thread of the log's own, and the kind of all threads of the agent. */
package io.hbagent.log;
