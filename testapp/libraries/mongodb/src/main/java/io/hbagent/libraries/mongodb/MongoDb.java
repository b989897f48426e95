package io.hbagent.libraries.mongodb;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.connection.TransportSettings;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.hbagent.libraries.kit.Report;
import io.hbagent.libraries.kit.Scenario;
import org.bson.Document;

/** MongoDB's driver, against a server in the same process. */
final class MongoDb {
  private MongoDb() {}

  public static void main(String[] args) {
    Scenario.run("MongoDB Java driver", MongoClient.class, MongoDb::both);
  }

  private static void both(Report report) throws Exception {
    report.against("mongo-java-server " + Scenario.version(MongoServer.class));
    query(report.variant("").ownTimers(), MongoClientSettings.builder());
    query(
        report.variant("over Netty"),
        MongoClientSettings.builder().transportSettings(TransportSettings.nettyBuilder().build()));
  }

  /**
   * Runs a query with a server of its own, because the monitor of an earlier one may still be
   * closing.
   */
  private static void query(Report report, MongoClientSettings.Builder settings) throws Exception {
    MongoServer server = new MongoServer(new MemoryBackend());
    try {
      server.bind("127.0.0.1", 0);
      int port = server.getLocalAddress().getPort();
      String url =
          "mongodb://127.0.0.1:" + port + "/?connectTimeoutMS=120000&socketTimeoutMS=120000";
      query(report, port, settings.applyConnectionString(new ConnectionString(url)).build());
    } finally {
      server.shutdownNow();
    }
  }

  private static void query(Report report, int port, MongoClientSettings settings)
      throws Exception {
    try (MongoClient client = MongoClients.create(settings)) {
      // No connection is handed out; the first command opens one, beside the driver's monitor.
      MongoCollection<Document> collection = client.getDatabase("test").getCollection("answers");
      collection.insertOne(new Document("answer", 42));
      report.client(port);
      Document found = collection.find().first();
      if (found == null || found.getInteger("answer") != 42) {
        throw new IllegalStateException("asked for 42: " + found);
      }
    }
  }
}
