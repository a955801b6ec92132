package dev.forearm.datasets.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.datasets.DatasetFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Against moto's S3. */
class DatasetUploadTest {
  private static final int VIDEO_BYTES = 23 << 20; // five parts
  private static final String VIDEO = "videos/scene/file-000.mp4";
  private static final String INFO = "meta/info.json";

  @TempDir Path folder;
  private Path dataset;
  private MotoServer server; // null: skipped

  @BeforeEach
  void write() throws Exception {
    server = new MotoServer(folder);
    server.request("PUT", "robots");
    dataset = folder.resolve("dataset");
    byte[] video = new byte[VIDEO_BYTES];
    new Random(7).nextBytes(video);
    file(VIDEO, video);
    file("data/file-000.parquet", new byte[] {1, 2, 3});
    file(INFO, "{}".getBytes(UTF_8));
    System.setProperty("aws.accessKeyId", "tester");
    System.setProperty("aws.secretAccessKey", "secret");
  }

  @AfterEach
  void end() {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    if (server != null) {
      server.close();
    }
  }

  private void file(String name, byte[] content) throws IOException {
    Path file = dataset.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private DatasetUpload.Result send(String address) {
    try (DatasetUpload upload =
        new DatasetUpload(
            server.environment(),
            StorePlace.parse(address),
            line -> {},
            UploadProcess.PART_BYTES)) {
      return upload.send(dataset, dataset.resolve(INFO));
    }
  }

  private byte[] stored(String key) {
    try (S3Client store = DatasetUpload.store(server.environment())) {
      return store.getObjectAsBytes(ask -> ask.bucket("robots").key(key)).asByteArray();
    }
  }

  private List<String> keys() {
    try (S3Client store = DatasetUpload.store(server.environment())) {
      return store.listObjectsV2(ask -> ask.bucket("robots")).contents().stream()
          .map(S3Object::key)
          .toList();
    }
  }

  @Test
  void aBucketThatIsNotThereIsRefusedBeforeThereIsAnythingToSend() {
    DatasetFault fault =
        assertThrows(
            DatasetFault.class,
            () ->
                new DatasetUpload(server.environment(), StorePlace.parse("s3://none/a"), _ -> {}));
    assertTrue(String.valueOf(fault.getMessage()).contains("bucket 'none'"), fault::toString);
  }

  @Test
  void afterAKillWhatIsUpIsNotSentAgainAndTheDatasetIsCompleteAtTheEndOnly() throws Exception {
    Process process = UploadProcess.start(server.environment(), dataset, "s3://robots/lift/");
    try {
      BufferedReader lines = process.inputReader(UTF_8);
      String said = lines.readLine();
      while (said != null && !said.endsWith("part 2")) {
        said = lines.readLine();
      }
      assertTrue(said != null, "it ended before its second part");
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertEquals(List.of("lift/data/file-000.parquet"), keys());

    DatasetUpload.Result result = send("s3://robots/lift");
    assertEquals(3, result.files());
    assertEquals(2, result.filesSent(), "the table was up");
    assertTrue(result.bytesSent() <= VIDEO_BYTES - 2L * UploadProcess.PART_BYTES + 2);
    assertArrayEquals(Files.readAllBytes(dataset.resolve(VIDEO)), stored("lift/" + VIDEO));
    assertArrayEquals(new byte[] {1, 2, 3}, stored("lift/data/file-000.parquet"));

    Map<String, Integer> sent = new HashMap<>();
    List<String> requests = server.requests();
    requests.stream()
        .filter(line -> line.startsWith("PUT /robots/") || line.startsWith("POST /robots/"))
        .forEach(line -> sent.merge(line.replaceAll("[?&]uploadId=[^& ]+", ""), 1, Integer::sum));
    sent.forEach((request, times) -> {
      // The third part may have been under way when its sender was killed.
      assertTrue(times == 1 || request.contains("partNumber=3"), times + " times " + request);
    });
    String last =
        requests.stream().filter(line -> line.startsWith("P")).reduce((a, b) -> b).orElseThrow();
    assertTrue(last.contains(INFO), last);
  }

  @Test
  void aDatasetThatIsThereIsNeitherSentAgainNorReplaced() throws Exception {
    assertEquals(3, send("s3://robots/lift").filesSent());
    assertEquals(new DatasetUpload.Result(3, 0, 0), send("s3://robots/lift"));
    file("data/file-000.parquet", new byte[] {4});
    String message =
        String.valueOf(
            assertThrows(DatasetFault.class, () -> send("s3://robots/lift")).getMessage());
    assertTrue(message.contains("another dataset is there"), message);
    assertArrayEquals(new byte[] {1, 2, 3}, stored("lift/data/file-000.parquet"));
    assertEquals(3, send("s3://robots/other").filesSent());
  }

  @Test
  void whatIsOfNoDatasetIsNamedAndNothingIsSent() throws Exception {
    server.request("PUT", "robots/lift/data/file-007.parquet");
    String message =
        String.valueOf(
            assertThrows(DatasetFault.class, () -> send("s3://robots/lift")).getMessage());
    assertTrue(message.contains("lift/data/file-007.parquet"), message);
    assertEquals(List.of("lift/data/file-007.parquet"), keys());
  }

  @Test
  void aBucketThatIsNotThereIsSaid() {
    String message =
        String.valueOf(
            assertThrows(DatasetFault.class, () -> send("s3://elsewhere/lift")).getMessage());
    assertTrue(message.contains("s3://elsewhere/lift") && message.contains("bucket"), message);
    assertFalse(message.contains("secret"), message);
  }
}
