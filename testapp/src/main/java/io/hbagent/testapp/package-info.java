/**
 * Programs that know nothing of hb-agent: what it is tried on. {@link io.hbagent.testapp.Main}
 * names them all; each is one class that picocli fills from the command line, prints what happens
 * to it through its {@code CommandSpec}, and reports a failure in one sentence by throwing {@link
 * io.hbagent.testapp.Failure}.
 */
package io.hbagent.testapp;
