package dev.forearm.models.ort;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a session is built. Starts from what a control computer wants: one CPU thread, no spinning,
 * deterministic, weights left where they lie (no prepacking), all graph optimisations. Setters
 * return this object; a session copies what it needs when it is opened. One thread at a time.
 */
public final class SessionOptions {
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final Map<String, Tensor> external = new LinkedHashMap<>();
  private int threads = 1;
  private boolean spinning;
  private Provider provider = Provider.CPU;
  private int cudaDevice;
  private long cudaMemoryBytes;
  private boolean cudaGraph;
  private Optimization optimization = Optimization.ALL;
  private boolean deterministic = true;
  private boolean prepacking;
  private boolean memoryPattern = true;
  private @Nullable Path externalFolder;

  /**
   * Threads inside one operator, the caller's own included; 1 starts none.
   *
   * @throws IllegalArgumentException if below 1
   */
  public SessionOptions threads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("threads is " + count + ", wanted 1 or more");
    }
    threads = count;
    return this;
  }

  /** Whether idle threads burn CPU while they wait for work. */
  public SessionOptions spinning(boolean yes) {
    spinning = yes;
    return this;
  }

  /** Computes on a GPU, using at most {@code memoryBytes} of it (0: no limit). */
  public SessionOptions cuda(int device, long memoryBytes) {
    provider = Provider.CUDA;
    cudaDevice = device;
    cudaMemoryBytes = memoryBytes;
    return this;
  }

  /**
   * Whether a GPU records the graph's kernels at the first run and plays them back from then on.
   * Not every graph can be recorded; tensors then have to lie on the device and stay bound.
   */
  public SessionOptions cudaGraph(boolean yes) {
    cudaGraph = yes;
    return this;
  }

  /** How far the graph may be rewritten. */
  public SessionOptions optimization(Optimization level) {
    optimization = level;
    return this;
  }

  /** Whether equal input must give equal bits from run to run. */
  public SessionOptions deterministic(boolean yes) {
    deterministic = yes;
    return this;
  }

  /** Whether weights may be copied into a faster layout: slower to build, twice the memory. */
  public SessionOptions prepacking(boolean yes) {
    prepacking = yes;
    return this;
  }

  /** Whether activations are planned into one block, which pays where shapes stay the same. */
  public SessionOptions memoryPattern(boolean yes) {
    memoryPattern = yes;
    return this;
  }

  /** Where external data of a graph that is opened from memory lies; ORT insists that it exists. */
  public SessionOptions externalFolder(Path folder) {
    externalFolder = folder;
    return this;
  }

  /**
   * Gives one weight by initializer name, in place of the graph's own value or external data. The
   * tensor must stay open, and unchanged, as long as the session.
   */
  public SessionOptions initializer(String name, Tensor value) {
    initializers.put(name, value);
    return this;
  }

  /** Gives many weights; see {@link #initializer}. */
  public SessionOptions initializers(Map<String, Tensor> values) {
    initializers.putAll(values);
    return this;
  }

  /**
   * Gives the values of weights that the graph declares as external data, before it is optimised:
   * unlike {@linkplain #initializer initializers} they may be folded and fused. The tensors must
   * stay open, and unchanged, as long as the session.
   */
  public SessionOptions external(Map<String, Tensor> values) {
    external.putAll(values);
    return this;
  }

  /** An independent copy. */
  public SessionOptions copy() {
    SessionOptions copy =
        new SessionOptions()
            .threads(threads)
            .spinning(spinning)
            .optimization(optimization)
            .deterministic(deterministic)
            .prepacking(prepacking)
            .memoryPattern(memoryPattern)
            .cudaGraph(cudaGraph)
            .initializers(initializers)
            .external(external);
    copy.externalFolder = externalFolder;
    return provider == Provider.CUDA ? copy.cuda(cudaDevice, cudaMemoryBytes) : copy;
  }

  int threads() {
    return threads;
  }

  boolean spinning() {
    return spinning;
  }

  boolean cudaGraph() {
    return cudaGraph;
  }

  /** Where the session is to compute. */
  public Provider provider() {
    return provider;
  }

  int cudaDevice() {
    return cudaDevice;
  }

  long cudaMemoryBytes() {
    return cudaMemoryBytes;
  }

  Optimization optimization() {
    return optimization;
  }

  boolean deterministic() {
    return deterministic;
  }

  boolean prepacking() {
    return prepacking;
  }

  boolean memoryPattern() {
    return memoryPattern;
  }

  @Nullable Path externalFolder() {
    return externalFolder;
  }

  Map<String, Tensor> external() {
    return external;
  }

  Map<String, Tensor> initializers() {
    return initializers;
  }
}
