/** Requests and reports, status, JMX, and the start line. Uses what it reports. */
package io.hbagent.control;
