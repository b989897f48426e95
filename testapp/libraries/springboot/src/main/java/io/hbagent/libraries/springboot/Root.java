package io.hbagent.libraries.springboot;

import io.hbagent.libraries.kit.HttpBackend;
import io.hbagent.libraries.kit.Report;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** Answers the one request, with the help of a backend. */
@RestController
class Root {
  private final Report report;
  private final RestClient restClient;
  private final RestTemplate restTemplate;

  Root(Report report, RestClient.Builder restClient, RestTemplateBuilder restTemplate) {
    this.report = report;
    this.restClient = restClient.build();
    this.restTemplate = restTemplate.build();
  }

  @GetMapping("/")
  String get(HttpServletRequest request) throws IOException {
    report.server(request.getLocalPort());
    String by = "by " + restTemplate.getRequestFactory().getClass().getSimpleName();
    Report byRestClient = report.variant("RestClient").against(HttpBackend.name()).note(by);
    try (HttpBackend backend = new HttpBackend()) {
      restClient
          .get()
          .uri(backend.uri())
          .exchange((sent, response) -> look(byRestClient, backend, response));
    }
    Report byRestTemplate = report.variant("RestTemplate").against(HttpBackend.name()).note(by);
    try (HttpBackend backend = new HttpBackend()) {
      restTemplate.execute(
          backend.uri(), HttpMethod.GET, null, response -> look(byRestTemplate, backend, response));
    }
    return "42";
  }

  private static boolean look(Report report, HttpBackend backend, ClientHttpResponse response)
      throws IOException {
    report.client(backend.port());
    return response.getStatusCode().is2xxSuccessful();
  }
}
