/** Runs the scenarios of the folders beside this one, in JVMs of their own. */
package io.hbagent.libraries.runner;
