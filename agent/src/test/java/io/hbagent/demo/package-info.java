/** What the demo shows its audience, held to it. */
package io.hbagent.demo;
