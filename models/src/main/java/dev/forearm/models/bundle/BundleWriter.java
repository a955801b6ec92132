package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.Sha256;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxWriter;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.models.ort.TensorInfo;
import dev.forearm.models.safetensors.SafetensorsWriter;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.foresight.ForesightLimits;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.ActuatorCalibration;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Writes a bundle that is another one with other weights, or with its foresight calibrated: the
 * same graphs, statistics and manifest, its own probe, hashes and parentage. It is unsigned;
 * whoever promotes it signs it.
 */
public final class BundleWriter {
  private static final Logger LOG = LoggerFactory.getLogger(BundleWriter.class);
  private static final String PART = ".part";
  private static final String ACTUATORS = "actuators.yaml";
  private static final String CHOICE = "choice.onnx";

  private BundleWriter() {}

  /**
   * Writes a folder, complete or not at all; what the parent knows of servos stays.
   *
   * @see #write(Bundle, Map, Optional, Path, Map)
   */
  public static void write(
      Bundle parent, Map<String, HostTensor> weights, Path folder, Map<String, String> madeBy) {
    write(parent, weights, parent.actuators(), folder, madeBy);
  }

  /**
   * Writes a folder, complete or not at all. Limits of the parent's foresight are left out: other
   * weights imagine otherwise. So is its choice, if weights are given.
   *
   * @param parent the bundle whose weights have changed
   * @param weights new values by checkpoint name; all others stay
   * @param actuators what is known of the servos of the robot at work
   * @param folder a place where nothing lies yet
   * @param madeBy how, for people
   * @throws ModelsFault if something lies there, a weight is not the bundle's, or a graph that runs
   *     holds its own copy of one
   */
  public static void write(
      Bundle parent,
      Map<String, HostTensor> weights,
      Optional<ActuatorCalibration> actuators,
      Path folder,
      Map<String, String> madeBy) {
    requireFits(parent, weights);
    write(
        parent,
        folder,
        part -> {
          Set<String> dropped = weights.isEmpty() ? Set.of() : Set.of(ManifestReader.CHOICE);
          if (!weights.isEmpty() && parent.manifest().choice().isPresent()) {
            Files.delete(part.resolve(parent.manifest().choice().get().file()));
          }
          Files.write(part.resolve(parent.manifest().weights()), weightBytes(parent, weights));
          if (actuators.isPresent()) {
            Files.writeString(part.resolve(ACTUATORS), actuators.get().text());
          }
          Files.writeString(
              part.resolve(ManifestReader.FILE),
              manifest(
                  parent,
                  madeBy,
                  dropped,
                  actuators.isPresent() ? Map.of("actuators", ACTUATORS) : Map.of()));
          writeSums(part);
          writeProbe(part);
        });
  }

  /**
   * Writes a bundle that is another one with its foresight calibrated, complete or not at all.
   *
   * @param parent the bundle, whose weights stay
   * @param folder a place where nothing lies yet
   * @param madeBy how, for people
   * @throws ModelsFault if something lies there
   */
  public static void writeCalibrated(
      Bundle parent, ForesightLimits limits, Path folder, Map<String, String> madeBy) {
    write(
        parent,
        folder,
        part -> {
          Files.writeString(part.resolve(ForesightFile.FILE), ForesightFile.text(limits, parent));
          Files.writeString(
              part.resolve(ManifestReader.FILE),
              manifest(
                  parent, madeBy, Set.of(), Map.of(ManifestReader.FORESIGHT, ForesightFile.FILE)));
        });
  }

  /**
   * Writes a bundle that is another one that chooses among what it could imagine, complete or not
   * at all.
   *
   * @param parent the bundle, whose weights stay
   * @param choice the graph, as {@link dev.forearm.models.policy.ImaginationChoice} wants it
   * @param plans for which a choice holds
   * @param folder a place where nothing lies yet
   * @param madeBy how, for people
   * @throws ModelsFault if something lies there
   */
  public static void writeChoosing(
      Bundle parent, Graph choice, int plans, Path folder, Map<String, String> madeBy) {
    write(
        parent,
        folder,
        part -> {
          OnnxWriter.write(choice, part.resolve(CHOICE));
          Files.writeString(
              part.resolve(ManifestReader.FILE),
              manifest(
                  parent,
                  madeBy,
                  Set.of(),
                  Map.of(ManifestReader.CHOICE, Map.of("file", CHOICE, "plans", plans))));
        });
  }

  /** What is done to a copy of the parent's files. */
  private interface Change {
    void to(Path part) throws IOException;
  }

  private static void write(Bundle parent, Path folder, Change change) {
    if (Files.exists(folder)) {
      throw new ModelsFault(
          "write bundle %s: something lies there already; name another folder".formatted(folder));
    }
    Path part = folder.resolveSibling(folder.getFileName() + PART);
    try {
      remove(part);
      Files.createDirectories(part);
      copy(parent, part);
      change.to(part);
      writeSums(part);
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ModelsFault(
          "write bundle %s: %s; free some space or name another folder".formatted(folder, e), e);
    } finally {
      discard(part);
    }
  }

  /**
   * Copies a bundle as it is, its signature included: complete or not at all, and forced to disk.
   *
   * @param folder what lies there is replaced
   * @throws ModelsFault if it cannot be written
   */
  public static void duplicate(Bundle bundle, Path folder) {
    Path part = folder.resolveSibling(folder.getFileName() + PART);
    try {
      remove(part);
      Files.createDirectories(part);
      for (Path file : list(bundle.folder())) {
        if (Files.isRegularFile(file)) {
          Path copy = part.resolve(String.valueOf(file.getFileName()));
          Files.copy(file, copy);
          force(copy, StandardOpenOption.WRITE);
        }
      }
      force(part, StandardOpenOption.READ);
      remove(folder);
      Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
      force(folder.resolveSibling("."), StandardOpenOption.READ);
    } catch (IOException e) {
      throw new ModelsFault(
          "copy bundle %s to %s: %s; free some space or name another folder"
              .formatted(bundle.location(), folder, e),
          e);
    } finally {
      discard(part);
    }
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /** Removes what a full disk has of a bundle. */
  private static void discard(Path part) {
    try {
      remove(part);
    } catch (IOException e) {
      LOG.warn("Unfinished bundle {} cannot be removed: {}", part, e.getMessage());
    }
  }

  /**
   * Refuses weights that a bundle could not take over.
   *
   * @throws ModelsFault if one is not the bundle's, or a graph that runs holds its own copy of one
   */
  public static void requireFits(Bundle parent, Map<String, HostTensor> weights) {
    Set<String> outside = new HashSet<>();
    for (Bundle.Half half : Bundle.Half.values()) {
      outside.addAll(parent.weightsOf(half));
    }
    weights.forEach((name, value) -> {
      @Nullable TensorView there = parent.weights().get(name);
      if (there == null
          || there.type() != value.type()
          || !there.shape().equals(Arrays.stream(value.dims()).boxed().toList())) {
        throw new ModelsFault(
            "write weights of bundle %s: '%s' is %s, the bundle has %s; train a graph of this bundle"
                .formatted(
                    parent.location(),
                    name,
                    value,
                    there == null ? "none" : there.type() + " " + there.shape()));
      }
      if (!outside.contains(name)) {
        throw new ModelsFault(
            "write weights of bundle %s: the graphs that run hold '%s' inside; export it again with weights outside"
                .formatted(parent.location(), name));
      }
    });
  }

  private static void copy(Bundle parent, Path to) throws IOException {
    try (Stream<Path> files = Files.list(parent.folder())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        boolean limits = parent.manifest().foresight().filter(name::equals).isPresent();
        if (!name.equals(Trust.FILE) && !name.equals(Sha256Sums.FILE) && !limits) {
          Files.copy(file, to.resolve(name));
        }
      }
    }
  }

  /** The same file with other numbers in it: the graphs know tensors by their place in it. */
  private static byte[] weightBytes(Bundle parent, Map<String, HostTensor> weights) {
    MemorySegment old = parent.weightFile();
    byte[] bytes = old.toArray(ValueLayout.JAVA_BYTE);
    weights.forEach((name, value) -> {
      TensorView there = parent.weights().get(name);
      if (there != null) {
        int at = Math.toIntExact(there.data().address() - old.address()); // both are mapped
        value.data().get(bytes, at, value.data().capacity());
      }
    });
    return bytes;
  }

  /** The parent's manifest, but for who made it of what, what is dropped, and these entries. */
  private static String manifest(
      Bundle parent, Map<String, String> madeBy, Set<String> dropped, Map<String, ?> entries)
      throws IOException {
    Path file = parent.folder().resolve(ManifestReader.FILE);
    Map<String, Object> manifest = new LinkedHashMap<>();
    ((Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)))
        .forEach((key, value) -> manifest.put(key.toString(), value));
    manifest.remove(ManifestReader.FORESIGHT);
    manifest.keySet().removeAll(dropped);
    manifest.putAll(entries);
    manifest.put("parent", parent.sha256());
    manifest.put("made_by", new TreeMap<>(madeBy)); // in one order: its hash is the bundle's
    return ConfigFile.write(manifest);
  }

  /** Lets the new graphs say what they give for the old probe's observation. */
  static void writeProbe(Path folder) {
    OrtRuntime ort = OrtRuntime.shared();
    try (Bundle bundle = BundleReader.read(folder, Trust.anyone())) {
      PolicySpec spec = bundle.manifest().spec();
      Statistics statistics = bundle.statistics();
      PolicyUnits units = new PolicyUnits(bundle.manifest());
      float[] seen = bundle.probed("observation");
      float[] normalised = new float[seen.length];
      for (int i = 0; i < seen.length; i++) {
        normalised[i] = statistics.observation().normalised(seen, i, seen[i]);
      }
      int[] places = spec.placesOf(spec.proprioception());
      float[] own = new float[places.length];
      for (int i = 0; i < own.length; i++) {
        own[i] = normalised[places[i]];
      }
      try (InferenceSession worldModel =
              bundle.open(ort, Bundle.Half.WORLD_MODEL, new SessionOptions());
          InferenceSession actor = bundle.open(ort, Bundle.Half.ACTOR, new SessionOptions());
          Tensor observation = tensor(ort, normalised);
          Tensor proprioception = tensor(ort, own);
          Tensor imagined = run(ort, worldModel, Map.of("observation", observation), "imagined");
          Tensor actions =
              run(
                  ort,
                  actor,
                  Map.of("proprioception", proprioception, "imagined", imagined),
                  "actions")) {
        observation.copyFrom(seen);
        restore(imagined, seen, statistics.imagined());
        restore(actions, seen, statistics.action());
        Map<String, TensorView> probe = new LinkedHashMap<>();
        probe.put("observation", said(units, "observation", observation));
        probe.put("imagined", said(units, "imagined", imagined));
        probe.put("actions", said(units, "actions", actions));
        SafetensorsWriter.write(folder.resolve(bundle.manifest().probe()), probe, Map.of());
      }
    }
  }

  /** Back into physical units, in place. */
  private static void restore(Tensor tensor, float[] seen, Scaling scaling) {
    for (int i = 0; i < scaling.width(); i++) {
      tensor.setFloat(i, (float) scaling.physical(seen, i, tensor.getFloat(i)));
    }
  }

  /** In the bundle's own units, in place. */
  private static TensorView said(PolicyUnits units, String name, Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.elements())];
    tensor.copyTo(values);
    units.convert(name, values, false);
    tensor.copyFrom(values);
    return TensorView.of(tensor);
  }

  private static Tensor tensor(OrtRuntime ort, float[] values) {
    Tensor tensor = ort.allocate(ElementType.FLOAT32, new long[] {1, values.length});
    tensor.copyFrom(values);
    return tensor;
  }

  /** One output; state and noise, whatever else the graph takes, are 0. */
  private static Tensor run(
      OrtRuntime ort, InferenceSession session, Map<String, Tensor> seen, String output) {
    Map<String, Tensor> inputs = new LinkedHashMap<>(seen);
    List<Tensor> zeros = new ArrayList<>();
    try {
      for (TensorInfo input : session.inputs()) {
        if (!seen.containsKey(input.name())) {
          long[] shape = input.dimensions().stream().mapToLong(size -> Math.max(1, size)).toArray();
          Tensor zero = ort.allocate(ElementType.FLOAT32, shape);
          zeros.add(zero);
          zero.memory().fill((byte) 0);
          inputs.put(input.name(), zero);
        }
      }
      return only(session.run(inputs), output);
    } finally {
      zeros.forEach(Tensor::close);
    }
  }

  private static Tensor only(Map<String, Tensor> outputs, String name) {
    outputs.forEach((other, value) -> {
      if (!other.equals(name)) {
        value.close();
      }
    });
    return Objects.requireNonNull(outputs.get(name), name);
  }

  private static void writeSums(Path folder) throws IOException {
    TreeMap<String, String> sums = new TreeMap<>();
    for (Path file : list(folder)) {
      String name = file.getFileName().toString();
      if (!name.equals(Sha256Sums.FILE)) {
        sums.put(name, Sha256.of(MemorySegment.ofArray(Files.readAllBytes(file))));
      }
    }
    StringBuilder text = new StringBuilder();
    sums.forEach((name, sum) -> text.append(sum).append("  ").append(name).append('\n'));
    Files.writeString(folder.resolve(Sha256Sums.FILE), text, StandardCharsets.UTF_8);
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      for (Path file : list(folder)) {
        Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
