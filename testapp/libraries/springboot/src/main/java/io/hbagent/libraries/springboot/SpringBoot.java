package io.hbagent.libraries.springboot;

import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring Boot's web application, with Tomcat and the client it finds by itself. */
@SpringBootApplication
class SpringBoot {

  public static void main(String[] args) {
    Scenario.run("Spring Boot", SpringApplication.class, SpringBoot::serve);
  }

  private static void serve(Report report) throws Exception {
    String loader = SpringBoot.class.getClassLoader().getClass().getSimpleName();
    if (!loader.equals("LaunchedClassLoader")) {
      throw new IllegalStateException("to be run as the fat jar, and not from " + loader);
    }
    SpringApplication application = new SpringApplication(SpringBoot.class);
    application.addInitializers(
        context -> context.getBeanFactory().registerSingleton("report", report));
    try (ConfigurableApplicationContext context = application.run()) {
      HttpGet.root(
          report, context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
  }
}
