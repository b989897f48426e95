package io.hbagent.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** The build files name no repository and no host, so that the user's Maven settings decide. */
class BuildFilesTest {
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @ValueSource(strings = {"pom.xml", "agent/pom.xml", "testapp/pom.xml"})
  void pomNamesNoRepositoryAndNoHost(String pom) throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(ROOT.resolve(pom).toFile());
    for (String element :
        List.of("repositories", "pluginRepositories", "distributionManagement", "systemPath")) {
      assertEquals(0, document.getElementsByTagName(element).getLength(), element);
    }
    assertTrue(!document.getDocumentElement().getTextContent().contains("://"), pom);
  }

  @Test
  void noMavenWrapper() {
    assertTrue(Files.notExists(ROOT.resolve("mvnw")));
    assertTrue(Files.notExists(ROOT.resolve(".mvn/wrapper")));
  }
}
