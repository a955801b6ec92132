package dev.forearm.datasets.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** An upload in a process of its own, which can be killed. */
final class UploadProcess {
  /** The least that S3 takes. */
  static final int PART_BYTES = 5 << 20;

  private UploadProcess() {}

  /** {@code DATASET ADDRESS}: the store is that of the environment. */
  public static void main(String[] arguments) {
    Path dataset = Path.of(arguments[0]);
    StorePlace place = StorePlace.parse(arguments[1]);
    Consumer<String> said = System.out::println;
    try (DatasetUpload upload = new DatasetUpload(System.getenv(), place, said, PART_BYTES)) {
      upload.send(dataset, dataset.resolve("meta/info.json"));
    }
  }

  static Process start(Map<String, String> environment, Path dataset, String address)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                UploadProcess.class.getName(),
                dataset.toString(),
                address)
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }
}
