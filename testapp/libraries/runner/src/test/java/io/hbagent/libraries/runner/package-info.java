/** Runs the scenarios of the folders beside this one, each in a forked JVM. */
package io.hbagent.libraries.runner;
