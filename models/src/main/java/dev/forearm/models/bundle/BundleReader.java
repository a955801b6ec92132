package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.Sha256;
import dev.forearm.models.ort.OwnedResources;
import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.foresight.ForesightLimits;
import dev.forearm.runtime.robot.ActuatorCalibration;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a bundle from a folder or a .zip, in this order: the signature over the list of hashes, the
 * hash of every file, the manifest, statistics, graphs and weights.
 */
public final class BundleReader {
  private BundleReader() {}

  /**
   * Reads a bundle. The caller closes it.
   *
   * @param trust whose signature is wanted
   * @throws ModelsFault if a file is missing, changed or malformed, the signature does not hold, a
   *     weight is not finite, or a graph draws random numbers; the message names the file, what was
   *     found, what was wanted and what to do
   */
  public static Bundle read(Path location, Trust trust) {
    BundleFiles files = BundleFiles.open(location);
    try {
      return read(files, trust);
    } catch (RuntimeFault e) {
      files.close();
      throw new ModelsFault("bundle %s: %s".formatted(location, e.getMessage()), e);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static Bundle read(BundleFiles files, Trust trust) {
    byte[] list = files.read(Sha256Sums.FILE);
    requireSignature(files, trust, list);
    Sha256Sums sums = Sha256Sums.parse(files.location(), list);
    Manifest manifest =
        ManifestReader.parse(
            text(files, sums, ManifestReader.FILE), files.location() + "/" + ManifestReader.FILE);
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String name : sums.names()) {
      if (!name.equals(manifest.weights()) && !name.equals(ManifestReader.FILE)) {
        byte[] content = files.read(name);
        sums.require(name, MemorySegment.ofArray(content));
        contents.put(name, content);
      }
    }
    OwnedResources mapped = new OwnedResources();
    try {
      SafetensorsFile weights = weights(files, sums, manifest.weights());
      mapped.add(weights::close);
      String sha256 = Sha256.of(MemorySegment.ofArray(list));
      return assemble(files, sums, sha256, manifest, contents, weights, mapped);
    } catch (RuntimeException | Error e) {
      mapped.close();
      throw e;
    }
  }

  private static Bundle assemble(
      BundleFiles files,
      Sha256Sums sums,
      String sha256,
      Manifest manifest,
      Map<String, byte[]> contents,
      SafetensorsFile weights,
      OwnedResources mapped) {
    Path location = files.location();
    Statistics statistics =
        Statistics.parse(
            new String(content(location, contents, manifest.statistics()), StandardCharsets.UTF_8),
            location + "/" + manifest.statistics(),
            manifest);
    Map<Bundle.Half, Bundle.GraphContent> graphs = new EnumMap<>(Bundle.Half.class);
    graphs.put(Bundle.Half.WORLD_MODEL, graph(location, contents, manifest.worldModel().file()));
    graphs.put(Bundle.Half.ACTOR, graph(location, contents, manifest.actor().file()));
    Map<Bundle.Half, SafetensorsFile> gradients = new EnumMap<>(Bundle.Half.class);
    for (Bundle.Half half : Bundle.Half.values()) {
      Manifest.GraphFile file =
          half == Bundle.Half.WORLD_MODEL ? manifest.worldModel() : manifest.actor();
      file.trainFile().ifPresent(name -> content(location, contents, name));
      file.gradients()
          .ifPresent(name -> {
            byte[] bytes = content(location, contents, name);
            SafetensorsFile expected = SafetensorsFile.of(location + "/" + name, bytes);
            mapped.add(expected::close);
            gradients.put(half, expected);
          });
    }
    for (Map.Entry<String, TensorView> weight : weights.tensors().entrySet()) {
      if (!Bundle.finite(weight.getValue())) {
        throw new ModelsFault(
            "bundle %s: %s: weight '%s' holds a number that is not finite; its training diverged, use an earlier checkpoint"
                .formatted(location, manifest.weights(), weight.getKey()));
      }
    }
    Optional<ForesightLimits> foresight =
        manifest
            .foresight()
            .map(name ->
                ForesightFile.parse(
                    new String(content(location, contents, name), StandardCharsets.UTF_8),
                    location + "/" + name,
                    manifest,
                    sums.sum(manifest.weights())));
    byte[] probe = content(location, contents, manifest.probe());
    return new Bundle(
        files,
        sha256,
        manifest,
        statistics,
        foresight,
        manifest.choice().map(chosen -> graph(location, contents, chosen.file())),
        weights,
        SafetensorsFile.of(location + "/" + manifest.probe(), probe),
        graphs,
        gradients,
        manifest
            .actuators()
            .map(name ->
                ActuatorCalibration.parse(
                    new String(content(location, contents, name), StandardCharsets.UTF_8),
                    location + "/" + name)));
  }

  private static Bundle.GraphContent graph(
      Path location, Map<String, byte[]> contents, String file) {
    byte[] bytes = content(location, contents, file);
    GraphScan scan = GraphScan.of(location + "/" + file, bytes);
    scan.refuseRandom(location + "/" + file);
    return new Bundle.GraphContent(file, bytes, scan.external());
  }

  private static byte[] content(Path location, Map<String, byte[]> contents, String name) {
    byte[] content = contents.get(name);
    if (content == null) {
      throw new ModelsFault(
          "bundle %s: %s does not list %s, which bundle.yaml names; export the bundle again"
              .formatted(location, Sha256Sums.FILE, name));
    }
    return content;
  }

  private static SafetensorsFile weights(BundleFiles files, Sha256Sums sums, String name) {
    if (!files.has(name)) {
      throw files.missing(name);
    }
    return SafetensorsFile.open(files.path(name), bytes -> sums.require(name, bytes));
  }

  private static void requireSignature(BundleFiles files, Trust trust, byte[] list) {
    if (files.has(Trust.FILE)) {
      if (!trust.keys().isEmpty()) {
        trust.require(files.location(), list, files.read(Trust.FILE));
      }
    } else if (trust.required()) {
      throw new ModelsFault(
          "bundle %s: found no file %s, and this robot runs signed bundles only; sign SHA256SUMS with a trusted Ed25519 key"
              .formatted(files.location(), Trust.FILE));
    }
  }

  private static String text(BundleFiles files, Sha256Sums sums, String name) {
    byte[] content = files.read(name);
    sums.require(name, MemorySegment.ofArray(content));
    return new String(content, StandardCharsets.UTF_8);
  }
}
