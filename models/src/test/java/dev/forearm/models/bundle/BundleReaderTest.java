package dev.forearm.models.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.models.Refusal;
import dev.forearm.models.Sha256;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.models.safetensors.SafetensorsWriter;
import dev.forearm.models.safetensors.TensorView;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleReaderTest {
  @TempDir Path folder;
  private Path bundle = Path.of("");

  @BeforeEach
  void copyTheBundle() throws IOException {
    bundle = SmallBundle.copy(Files.createDirectory(folder.resolve("small")));
  }

  @Test
  void aBundleSaysWhatItIs() {
    try (Bundle read = BundleReader.read(bundle, Trust.anyone())) {
      assertEquals("small", read.manifest().name());
      assertEquals(8, read.manifest().spec().observationWidth());
      assertEquals(5, read.manifest().spec().frameWidth());
      assertEquals(List.of("shoulder", "finger"), read.manifest().spec().joints());
      assertEquals(50_000_000, read.manifest().spec().periodNanos());
      assertTrue(read.weights().containsKey("world_model.0.weight"));
      assertEquals(64, read.sha256().length());
    }
  }

  @Test
  void aZipReadsLikeTheFolder() throws IOException {
    Path zip = folder.resolve("small.zip");
    try (OutputStream file = Files.newOutputStream(zip);
        ZipOutputStream out = new ZipOutputStream(file);
        var files = Files.list(bundle)) {
      for (Path each : files.toList()) {
        out.putNextEntry(new ZipEntry("small/" + each.getFileName()));
        out.write(Files.readAllBytes(each));
      }
    }
    try (Bundle fromFolder = BundleReader.read(bundle, Trust.anyone());
        Bundle fromZip = BundleReader.read(zip, Trust.anyone())) {
      assertEquals(fromFolder.manifest(), fromZip.manifest());
      assertEquals(fromFolder.sha256(), fromZip.sha256());
      assertArrayEquals(
          fromFolder.statistics().observation().mean(), fromZip.statistics().observation().mean());
    }
  }

  @Test
  void everyMissingFileIsNamed() throws IOException {
    for (String name :
        List.of("SHA256SUMS", "bundle.yaml", "actor.onnx", "weights.safetensors", "stats.json")) {
      byte[] content = Files.readAllBytes(bundle.resolve(name));
      Files.delete(bundle.resolve(name));
      String message = refusal();
      assertTrue(message.contains("found no file " + name), message);
      Files.write(bundle.resolve(name), content);
    }
  }

  @Test
  void everyChangedFileIsNamedWithBothHashes() throws IOException {
    for (String name :
        List.of("bundle.yaml", "actor.onnx", "weights.safetensors", "probe.safetensors")) {
      byte[] content = Files.readAllBytes(bundle.resolve(name));
      byte[] changed = content.clone();
      changed[changed.length / 2] ^= 1;
      Files.write(bundle.resolve(name), changed);
      String message = refusal();
      assertTrue(message.contains(name + ": found SHA-256 "), message);
      assertTrue(message.contains(Sha256.of(MemorySegment.ofArray(changed))), message);
      assertTrue(message.contains("wanted " + Sha256.of(MemorySegment.ofArray(content))), message);
      Files.write(bundle.resolve(name), content);
    }
  }

  @Test
  void aFileThatTheListOmitsIsRefused() throws IOException {
    String list = Files.readString(bundle.resolve("SHA256SUMS"));
    Files.writeString(
        bundle.resolve("SHA256SUMS"),
        list.lines()
            .filter(line -> !line.endsWith("  actor.onnx"))
            .reduce("", (a, b) -> a + b + "\n"));
    assertTrue(refusal().contains("does not list actor.onnx"), refusal());
  }

  @Test
  void anUnknownKeyIsRefusedWithTheNearestOne() throws IOException {
    SmallBundle.edit(bundle, "bundle.yaml", "statistics: stats", "statistic: stats");
    String message = refusal();
    assertTrue(message.contains("did you mean 'statistics'"), message);
    assertTrue(message.contains("bundle.yaml:"), message);
  }

  @Test
  void aFileNameThatLeavesTheBundleIsRefused() throws IOException {
    SmallBundle.edit(bundle, "bundle.yaml", "stats.json", "../stats.json");
    assertTrue(refusal().contains("wanted a plain file name"), refusal());
  }

  @Test
  void statisticsOfAnotherWidthAreRefused() throws IOException {
    Files.writeString(
        bundle.resolve("stats.json"), "{\"observation\": {\"mean\": [1, 2], \"std\": [1, 1]}}");
    SmallBundle.hash(bundle);
    assertTrue(refusal().contains("found 2 numbers, wanted 8"), refusal());
  }

  @Test
  void weightsThatAreNotFiniteAreRefusedByName() throws IOException {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      try (Arena arena = Arena.ofConfined();
          SafetensorsFile file = SmallBundle.weights(bundle)) {
        Map<String, TensorView> weights = new LinkedHashMap<>(file.tensors());
        MemorySegment copy = arena.allocate(8 * 4, 4);
        copy.setAtIndex(ValueLayout.JAVA_FLOAT, 5, bad);
        weights.put("actor.1.bias", new TensorView(ElementType.FLOAT32, List.of(8L), copy));
        SafetensorsWriter.write(bundle.resolve("weights.safetensors"), weights, Map.of());
      }
      SmallBundle.hash(bundle);
      String message = refusal();
      assertTrue(message.contains("weight 'actor.1.bias' holds a number"), message);
    }
  }

  @Test
  void graphsThatDrawRandomNumbersAreRefused() throws IOException {
    try (var in = getClass().getResourceAsStream("/graphs/random.onnx")) {
      Files.write(bundle.resolve("actor.onnx"), Objects.requireNonNull(in).readAllBytes());
    }
    SmallBundle.hash(bundle);
    String message = refusal();
    assertTrue(message.contains("actor.onnx: found operator RandomNormalLike"), message);
  }

  @Test
  void bytesThatAreNoGraphAreRefused() throws IOException {
    Files.write(bundle.resolve("actor.onnx"), "no graph at all".getBytes(StandardCharsets.UTF_8));
    SmallBundle.hash(bundle);
    assertTrue(refusal().contains("actor.onnx"), refusal());
  }

  @Test
  void aSignatureIsVerifiedAgainstTrustedKeys() throws Exception {
    KeyPair mine = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path mineFile = pem(mine, "mine.pem");
    Path otherFile = pem(other, "other.pem");
    Trust required = Trust.of(List.of(otherFile, mineFile), true);
    String unsigned = Refusal.of(() -> BundleReader.read(bundle, required));
    assertTrue(unsigned.contains("found no file signature"), unsigned);

    sign(mine);
    BundleReader.read(bundle, required).close();

    Trust others = Trust.of(List.of(otherFile), false);
    String stranger = Refusal.of(() -> BundleReader.read(bundle, others));
    assertTrue(stranger.contains("by none of the 1 trusted keys"), stranger);

    SmallBundle.edit(bundle, "bundle.yaml", "name: small\ntask", "name: smelt\ntask");
    String edited = Refusal.of(() -> BundleReader.read(bundle, required));
    assertTrue(edited.contains("signature"), edited);
  }

  @Test
  void aKeyFileThatHoldsNoKeyIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("key.pem"), "not a key");
    String message = Refusal.of(() -> Trust.of(List.of(file), true));
    assertTrue(message.contains("openssl pkey -pubout"), message);
  }

  @Test
  void nothingAtThePathIsRefused() {
    Path none = folder.resolve("none");
    String message = Refusal.of(() -> BundleReader.read(none, Trust.anyone()));
    assertTrue(message.contains("found nothing there"), message);
  }

  private String refusal() {
    return Refusal.of(() -> BundleReader.read(bundle, Trust.anyone()).close());
  }

  private Path pem(KeyPair pair, String name) throws IOException {
    String body = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n");
  }

  private void sign(KeyPair pair) throws IOException, GeneralSecurityException {
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(pair.getPrivate());
    signer.update(Files.readAllBytes(bundle.resolve("SHA256SUMS")));
    Files.write(bundle.resolve("signature"), signer.sign());
  }
}
