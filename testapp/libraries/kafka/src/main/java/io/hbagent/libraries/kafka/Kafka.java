package io.hbagent.libraries.kafka;

import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's producer and consumer, the broker that accepts them, and its own connections. */
final class Kafka {
  private static final Duration LIMIT = Duration.ofSeconds(Scenario.LIMIT_SECONDS);
  private static final String TOPIC = "answers";

  private Kafka() {}

  public static void main(String[] args) {
    Scenario.run(
        "Kafka",
        KafkaProducer.class,
        report -> {
          report.note("sets SO_KEEPALIVE itself, both ends, and has no switch for it");
          try (Broker broker = new Broker()) {
            produce(report.variant("producer"), broker.port());
            consume(report.variant("consumer"), broker.port());
            Report own = report.variant("broker to controller");
            own.client(broker.controllerPort());
            own.server(broker.controllerPort());
          }
        });
  }

  private static void produce(Report report, int port) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", "127.0.0.1:" + port, "max.block.ms", LIMIT.toMillis()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, "42")).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      report.client(port);
      report.server(port);
    }
  }

  private static void consume(Report report, int port) throws Exception {
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + port,
                "group.id",
                "readers",
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      ConsumerRecords<String, String> records = ConsumerRecords.empty();
      for (long end = System.nanoTime() + LIMIT.toNanos();
          records.isEmpty() && System.nanoTime() < end; ) {
        records = consumer.poll(Duration.ofSeconds(1));
      }
      if (records.count() != 1 || !records.iterator().next().value().equals("42")) {
        throw new AssertionError("asked for 42, got " + records.count() + " records");
      }
      report.client(port);
      report.server(port);
    }
  }
}
