package dev.forearm.datasets.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Moto's S3 on the loopback interface; skips the test where FOREARM_PYTHON has no moto. */
final class MotoServer implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path log;
  private final Process process;
  private final String endpoint;

  MotoServer(Path folder) throws IOException, InterruptedException {
    String python = System.getenv().getOrDefault("FOREARM_PYTHON", "python3");
    requireMoto(python);
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    endpoint = "http://127.0.0.1:" + port;
    log = folder.resolve("moto.txt");
    process =
        new ProcessBuilder(python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "" + port)
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    while (!answers()) {
      if (!process.isAlive()) {
        throw new AssertionError(Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  private static void requireMoto(String python) throws InterruptedException {
    boolean found = false;
    try {
      found =
          new ProcessBuilder(python, "-c", "import moto.server")
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      // it is not there
    }
    String missing = python + " has no moto[server]; set FOREARM_PYTHON to one that has";
    if (!found && "1".equals(System.getenv("FOREARM_REQUIRE_PEERS"))) {
      fail(missing);
    }
    if (!found) {
      abort("skipped: " + missing);
    }
  }

  private boolean answers() throws InterruptedException {
    try {
      return request("GET", "") > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** What programs need to find it. */
  Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_S3", endpoint,
        "AWS_REGION", "us-east-1",
        "AWS_ACCESS_KEY_ID", "tester",
        "AWS_SECRET_ACCESS_KEY", "secret",
        "AWS_EC2_METADATA_DISABLED", "true");
  }

  /** Sends a request that nobody signed, and returns the status. */
  int request(String method, String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(endpoint + "/" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  /** What it was asked, a line each, in order: method, path, version and status. */
  List<String> requests() throws IOException {
    return Files.readAllLines(log, UTF_8).stream()
        .filter(line -> line.contains("HTTP/1.1\""))
        .map(line -> line.substring(line.indexOf('"') + 1))
        .toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
