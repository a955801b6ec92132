package dev.forearm.models.fuzz;

import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleReader;
import dev.forearm.models.bundle.RobotHashes;
import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.models.bundle.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A good bundle of which one file, chosen by the first byte, is the rest of the input; or an input
 * that claims to be a zipped bundle. Its list of hashes is right, so that reading goes on.
 */
public final class BundleFuzz {
  private static final List<String> PARTS =
      List.of(
          "bundle.zip",
          "bundle.yaml",
          "stats.json",
          "SHA256SUMS",
          "weights.safetensors",
          "probe.safetensors",
          "actor.onnx");

  private static final Path FOLDER = Fuzzed.folder("bundle");

  private BundleFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    String part = PARTS.get((input[0] & 0xff) % PARTS.size());
    byte[] content = Arrays.copyOfRange(input, 1, input.length);
    try {
      Path location = FOLDER.resolve(part.equals("bundle.zip") ? part : "bundle");
      if (part.equals("bundle.zip")) {
        Files.write(location, content);
      } else {
        SmallBundle.copy(Files.createDirectories(location));
        Files.write(location.resolve(part), content);
        if (!part.equals("SHA256SUMS")) {
          SmallBundle.hash(location);
        }
      }
      Fuzzed.refusesOrSucceeds(location.toString(), () -> read(location));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void read(Path location) {
    try (Bundle bundle = BundleReader.read(location, Trust.anyone())) {
      bundle.requireFits(SmallBundle.robot(), RobotHashes.none());
    }
  }
}
