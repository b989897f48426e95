package io.hbagent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

/** The cure named behind a failed start. */
class AgentMainTest {

  @Test
  void cureFitsTheFailure() {
    String jar = "; replace hb-agent.jar by a whole one";
    assertEquals(jar, AgentMain.cure(new ZipException("zip END header not found")));
    assertEquals(jar, AgentMain.cure(new IOException("Input/output error")));
    assertEquals(jar, AgentMain.cure(new ClassNotFoundException("io.hbagent.tcp.Kernel")));
    assertEquals(jar, AgentMain.cure(new NoClassDefFoundError("io/hbagent/tcp/Kernel")));
    assertEquals(
        "; grant hb-agent.jar java.security.AllPermission",
        AgentMain.cure(new SecurityException("access denied")));
    assertEquals(
        "; if other agents run beside it, give hb-agent's -javaagent first",
        AgentMain.cure(new LinkageError("attempted duplicate class definition")));
    assertEquals("", AgentMain.cure(new OutOfMemoryError()));
  }
}
