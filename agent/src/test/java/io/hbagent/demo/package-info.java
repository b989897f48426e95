/** Tests of the demo's output. */
package io.hbagent.demo;
