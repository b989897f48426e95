/** logfmt lines through tinylog, on the agent's own thread. The only package that uses tinylog. */
package io.hbagent.log;
