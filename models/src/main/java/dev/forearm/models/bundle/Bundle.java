package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.Sha256;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.OnnxReader;
import dev.forearm.models.ort.InferenceSession;
import dev.forearm.models.ort.OrtRuntime;
import dev.forearm.models.ort.Provider;
import dev.forearm.models.ort.SessionOptions;
import dev.forearm.models.ort.Tensor;
import dev.forearm.models.safetensors.SafetensorsFile;
import dev.forearm.models.safetensors.TensorView;
import dev.forearm.runtime.foresight.ForesightLimits;
import dev.forearm.runtime.robot.ActuatorCalibration;
import dev.forearm.runtime.robot.Robot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A bundle that was read and found whole: hashes, manifest, weights and statistics agree. Owns its
 * weights, which must outlive every session opened over them: close sessions first, the bundle
 * last.
 */
public final class Bundle implements AutoCloseable {
  /** Where a file of gradients says for which weights they are: their SHA-256. */
  private static final String WEIGHTS = "weights_sha256";

  private final BundleFiles files;
  private final Path location;
  private final String sha256;
  private final Manifest manifest;
  private final Statistics statistics;
  private final Optional<ForesightLimits> foresight;
  private final Optional<GraphContent> choice;
  private final SafetensorsFile weights;
  private final SafetensorsFile probe;
  private final Map<Half, GraphContent> graphs;
  private final Map<Half, SafetensorsFile> gradients;
  private final Optional<ActuatorCalibration> actuators;
  private final List<Tensor> open = new ArrayList<>();

  /** The two graphs of a policy. */
  public enum Half {
    WORLD_MODEL,
    ACTOR
  }

  @SuppressWarnings("ArrayRecordComponent") // held, never compared
  record GraphContent(String file, byte[] bytes, Set<String> external) {}

  Bundle(
      BundleFiles files,
      String sha256,
      Manifest manifest,
      Statistics statistics,
      Optional<ForesightLimits> foresight,
      Optional<GraphContent> choice,
      SafetensorsFile weights,
      SafetensorsFile probe,
      Map<Half, GraphContent> graphs,
      Map<Half, SafetensorsFile> gradients,
      Optional<ActuatorCalibration> actuators) {
    this.files = files;
    this.location = files.location();
    this.sha256 = sha256;
    this.manifest = manifest;
    this.statistics = statistics;
    this.foresight = foresight;
    this.choice = choice;
    this.weights = weights;
    this.probe = probe;
    this.graphs = graphs;
    this.gradients = gradients;
    this.actuators = actuators;
  }

  /** Where it was read from. */
  public Path location() {
    return location;
  }

  /** The file of a half as it is trained: in its trainable form, where the bundle has one. */
  public Path trainedFile(Half half) {
    Manifest.GraphFile graph = manifest.graph(half);
    return files.path(graph.trainFile().orElse(graph.file()));
  }

  /** The bundle's identity: SHA-256 of its SHA256SUMS, in lower case. */
  public String sha256() {
    return sha256;
  }

  public Manifest manifest() {
    return manifest;
  }

  public Statistics statistics() {
    return statistics;
  }

  /** Limits of its foresight; empty if it was not calibrated. */
  public Optional<ForesightLimits> foresight() {
    return foresight;
  }

  /**
   * The graph by which it chooses among what it could imagine, see {@link
   * dev.forearm.models.policy.ImaginationChoice}; empty if it takes what its world model gives.
   */
  public Optional<Graph> choice() {
    return choice.map(
        graph -> OnnxReader.read(files.path(graph.file()), ByteBuffer.wrap(graph.bytes())));
  }

  /** SHA-256 of its file of weights, in lower case. */
  public String weightsSha256() {
    return Sha256.of(weightFile());
  }

  /**
   * What is known of the servos of the robot at work; whoever has the policy drive an arm adapts it
   * ({@link dev.forearm.runtime.policy.AdaptedPolicy}).
   */
  public Optional<ActuatorCalibration> actuators() {
    return actuators;
  }

  /** Weights by checkpoint name; memory of this bundle. */
  public Map<String, TensorView> weights() {
    return weights.tensors();
  }

  /** Copies of the weights by checkpoint name, as an exported graph holds them. */
  public Map<String, HostTensor> checkpoint() {
    return copies(weights);
  }

  /**
   * A point and the gradients that the trained graph of a half has there by PyTorch in float64:
   * {@code in.NAME}, {@code target}, {@code loss}, {@code grad.NAME}. Empty if the exporter left
   * none, or left it for other weights: those of a bundle that this one was trained from.
   */
  public Optional<Map<String, HostTensor>> gradients(Half half) {
    return Optional.ofNullable(gradients.get(half))
        .filter(file -> weightsSha256().equals(file.metadata().get(WEIGHTS)))
        .map(Bundle::copies);
  }

  private static Map<String, HostTensor> copies(SafetensorsFile file) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    file.tensors()
        .forEach((name, view) ->
            tensors.put(
                name,
                HostTensor.of(
                    view.type(),
                    view.sizes(),
                    ByteBuffer.wrap(view.data().toArray(ValueLayout.JAVA_BYTE)))));
    return tensors;
  }

  /** Names of the weights that a half reads, as far as its graph that runs has them outside. */
  public Set<String> weightsOf(Half half) {
    Set<String> names = new LinkedHashSet<>();
    GraphContent graph = graphs.get(half);
    if (graph != null) {
      graph.external().forEach(name -> names.add(manifest.parameters().getOrDefault(name, name)));
    }
    return names;
  }

  /**
   * Which half a graph file of this bundle is: by its name, or by the inputs it has.
   *
   * @throws ModelsFault if neither tells
   */
  public Half half(String file, Set<String> inputs) {
    boolean worldModel = manifest.worldModel().is(file) || inputs.contains("observation");
    if (worldModel != (manifest.actor().is(file) || inputs.contains("proprioception"))) {
      return worldModel ? Half.WORLD_MODEL : Half.ACTOR;
    }
    throw new ModelsFault(
        "bundle %s: graph %s has inputs %s, wanted 'observation' of a world model or 'proprioception' of an actor"
            .formatted(location, file, inputs));
  }

  /** Where its files lie; of a .zip, a folder that is gone when this is closed. */
  Path folder() {
    return files.folder();
  }

  /** The whole file of weights. */
  MemorySegment weightFile() {
    return weights.bytes();
  }

  /**
   * A tensor of the probe: {@code observation}, each image by its feature's name, and the {@code
   * imagined} frames and {@code actions} that follow from it, not confined; numbers in the bundle's
   * own units, images in their range.
   */
  public TensorView probe(String tensor) {
    return probe.tensor(tensor);
  }

  /** Numbers of the probe, in rad and m whatever unit the file speaks in. */
  public float[] probed(String tensor) {
    float[] values = probe.tensor(tensor).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    new PolicyUnits(manifest).convert(tensor, values, true);
    return values;
  }

  /**
   * Refuses the bundle on a robot that it was not made for.
   *
   * @throws ModelsFault listing each difference: what was found in the bundle, what the robot wants
   */
  public void requireFits(Robot robot, RobotHashes hashes) {
    RobotFit.require(location.toString(), manifest, robot, hashes);
  }

  /**
   * Opens one of the graphs over this bundle's weights.
   *
   * @param options threads and provider
   * @throws ModelsFault if the graph wants a weight that the bundle lacks, or ORT refuses it
   */
  public InferenceSession open(OrtRuntime ort, Half half, SessionOptions options) {
    GraphContent graph = graphs.get(half);
    if (graph == null) {
      throw new IllegalArgumentException("no graph for " + half);
    }
    Map<String, Tensor> given = initializers(ort, graph);
    SessionOptions own = options.copy().externalFolder(files.folder());
    if (options.provider() == Provider.CPU) {
      own.initializers(given); // read where they lie
    } else {
      own.external(given); // what is given otherwise is not taken over to a device
    }
    return ort.open(name(half), graph.bytes(), own);
  }

  /** What a half is called in messages. */
  public String name(Half half) {
    return location
        + "/"
        + (half == Half.WORLD_MODEL ? manifest.worldModel() : manifest.actor()).file();
  }

  /** Closes the weights, and removes what was unpacked. */
  @Override
  public void close() {
    open.forEach(Tensor::close);
    open.clear();
    gradients.values().forEach(SafetensorsFile::close);
    probe.close();
    weights.close();
    files.close();
  }

  private Map<String, Tensor> initializers(OrtRuntime ort, GraphContent graph) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    for (String initializer : graph.external()) {
      String checkpoint = manifest.parameters().getOrDefault(initializer, initializer);
      TensorView view = weights.tensors().get(checkpoint);
      if (view == null) {
        throw new ModelsFault(
            "bundle %s: %s wants weight '%s', found none in %s; export it again"
                .formatted(location, graph.file(), checkpoint, manifest.weights()));
      }
      Tensor tensor = ort.wrap(view.data(), view.type(), view.sizes());
      open.add(tensor);
      found.put(initializer, tensor);
    }
    return found;
  }

  /** Whether every number in a tensor is finite. */
  static boolean finite(TensorView view) {
    long count = Tensor.elements(view.sizes());
    for (long i = 0; i < count; i++) {
      boolean finite =
          switch (view.type()) {
            case FLOAT32 ->
                Float.isFinite(view.data().getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
            case FLOAT64 ->
                Double.isFinite(view.data().getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, i));
            case FLOAT16 -> (half(view, i) & 0x7c00) != 0x7c00;
            case BFLOAT16 -> (half(view, i) & 0x7f80) != 0x7f80;
            case UINT8, INT8, UINT16, INT16, INT32, INT64, BOOL, UINT32, UINT64 -> true;
          };
      if (!finite) {
        return false;
      }
    }
    return true;
  }

  private static int half(TensorView view, long index) {
    return view.data().getAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, index);
  }
}
