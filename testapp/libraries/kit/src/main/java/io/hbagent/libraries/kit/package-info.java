/**
 * What a scenario's main uses: {@link io.hbagent.libraries.kit.Scenario} runs it, {@link
 * io.hbagent.libraries.kit.Report} says what the kernel holds for its connections.
 *
 * <p>A scenario is a library used as an application uses it, against a real server, by a program
 * that knows nothing of the agent. To add one:
 *
 * <ol>
 *   <li>Copy the folder of one that is alike, {@code pgjdbc} (a server is asked for) or {@code
 *       netty42} (both ends in one process). It holds a pom and one class.
 *   <li>In the pom, name the class in {@code main.class}, and pin the library's newest version.
 *   <li>In the class, report a connection in the first moment the library lets the application have
 *       it: on return of connect, in the handler of a request.
 *   <li>Add the folder to the modules of {@code testapp/libraries/pom.xml}. The runner finds every
 *       {@code target/scenario.jar} by itself.
 *   <li>Write the table: {@code mvn verify -Plibraries -Dtest=NONE -Dit.test=LibrariesXIT
 *       -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false
 *       -Dlibraries.write=true}; with {@code -Dlibraries.only=FOLDER} instead, only that scenario
 *       is run, and compared.
 * </ol>
 *
 * <p>Servers that are no Java library are the runner's; {@link
 * io.hbagent.libraries.kit.Report#need} asks it for one. Those that are run inside the scenario, in
 * folders of {@link io.hbagent.libraries.kit.Scratch}. Everything stays on loopback.
 */
package io.hbagent.libraries.kit;
