/** What the agent says of itself: the start line and what follows it. Uses what it reports. */
package io.hbagent.control;
