package io.hbagent.libraries.springbootwebflux;

import io.hbagent.libraries.kit.HttpGet;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.netty.resources.LoopResources;

/** Spring Boot with Netty under both its server and its client. */
@SpringBootApplication
class SpringBootWebFlux {

  public static void main(String[] args) {
    Scenario.run("Spring Boot WebFlux", SpringApplication.class, SpringBootWebFlux::serve);
  }

  private static void serve(Report report) throws Exception {
    String loader = SpringBootWebFlux.class.getClassLoader().getClass().getSimpleName();
    if (!loader.equals("LaunchedClassLoader")) {
      throw new IllegalStateException("to be run as the fat jar, and not from " + loader);
    }
    if (!LoopResources.hasNativeSupport()) {
      report.skip("epoll is refused here");
      return;
    }
    report.note("on Netty's epoll");
    SpringApplication application = new SpringApplication(SpringBootWebFlux.class);
    application.addInitializers(
        context -> context.getBeanFactory().registerSingleton("report", report));
    try (ConfigurableApplicationContext context = application.run()) {
      HttpGet.root(
          report, context.getEnvironment().getRequiredProperty("local.server.port", Integer.class));
    }
  }
}
