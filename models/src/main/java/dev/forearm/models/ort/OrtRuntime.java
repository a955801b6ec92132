package dev.forearm.models.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ffi.OrtNative;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime, loaded once and kept for the life of the process. Safe from any thread.
 *
 * <p>{@link #shared()} is the one to use; {@link #load} is for a program that was given a path.
 */
public final class OrtRuntime {
  /** ORT_LOGGING_LEVEL_ERROR: what matters comes back as a status. */
  private static final int LOG_ERRORS = 3;

  private static final int DEVICE_ALLOCATOR = 0; // OrtDeviceAllocator

  static final int DEFAULT_MEMORY = 0; // OrtMemTypeDefault
  static final int HOST_MEMORY = -1; // OrtMemTypeCPUOutput: what a device reads of the host's

  private static @Nullable OrtRuntime shared;

  private final OrtNative api;
  private final Path library;
  private final long env;
  private final long cpuMemory;
  private final long defaultAllocator;
  private boolean copiesToCuda;

  private OrtRuntime(OrtNative api, Path library) {
    this.api = api;
    this.library = library;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      check(api.createEnv(LOG_ERRORS, arena.allocateFrom("forearm"), out), "start ONNX Runtime");
      env = out.get(JAVA_LONG, 0);
      check(api.getAllocatorWithDefaultOptions(out), "find ONNX Runtime's CPU allocator");
      defaultAllocator = out.get(JAVA_LONG, 0);
      cpuMemory = memoryInfo("Cpu", 0, DEFAULT_MEMORY);
    }
  }

  /**
   * The process' runtime: loaded on first use from {@code FOREARM_ORT_LIB}, else from the Maven
   * artifact on the class path.
   *
   * @throws ModelsFault if there is no library, or one that does not load
   */
  public static synchronized OrtRuntime shared() {
    if (shared == null) {
      shared = load(OrtLibraryFile.find(System.getenv()));
    }
    return shared;
  }

  /**
   * Loads a given library, for example a vendor's build for a Jetson.
   *
   * @throws ModelsFault if the file is missing, does not load or is no known ONNX Runtime
   */
  public static OrtRuntime load(Path library) {
    if (!Files.isRegularFile(library)) {
      throw new ModelsFault(
          "load ONNX Runtime: found no file %s; give the path of libonnxruntime.so itself"
              .formatted(library));
    }
    try {
      return new OrtRuntime(OrtNative.load(library.toAbsolutePath()), library);
    } catch (IllegalArgumentException e) {
      throw new ModelsFault(
          "load ONNX Runtime: %s: %s; use a library of version 1.%s to 1.%s (tested: 1.29)"
              .formatted(library, e.getMessage(), OrtNative.OLDEST_API, OrtNative.NEWEST_API),
          e);
    }
  }

  /** As the library says it, for example {@code 1.29.0}. */
  public String version() {
    return api.version();
  }

  /** The file it was loaded from. */
  public Path library() {
    return library;
  }

  /** Provider names compiled into the library, for example {@code CPUExecutionProvider}. */
  public List<String> availableProviders() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      MemorySegment count = arena.allocate(JAVA_INT);
      check(api.getAvailableProviders(out, count), "list ONNX Runtime's providers");
      int n = count.get(JAVA_INT, 0);
      MemorySegment names = OrtNative.view(out.get(ADDRESS, 0), n * ADDRESS.byteSize());
      List<String> found = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        found.add(OrtNative.text(names.getAtIndex(ADDRESS, i)));
      }
      check(api.releaseAvailableProviders(names.address(), n), "list ONNX Runtime's providers");
      return List.copyOf(found);
    }
  }

  /** A zeroed tensor in CPU memory of its own, given back when the tensor is closed. */
  @SuppressWarnings("MustBeClosedChecker") // the tensor closes it
  public Tensor allocate(ElementType type, long... shape) {
    long bytes = Math.multiplyExact(Tensor.elements(shape), type.bytes());
    Arena arena = Arena.ofShared();
    try {
      MemorySegment memory = arena.allocate(Math.max(1, bytes), 64).asSlice(0, bytes);
      return tensor(type, shape, memory, arena::close);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  /**
   * A tensor over memory that someone else owns and keeps alive until the tensor is closed.
   *
   * @param memory native memory of exactly the size that type and shape need; may be read-only if
   *     the tensor is only read
   * @throws IllegalArgumentException if it is heap memory or its size differs
   */
  public Tensor wrap(MemorySegment memory, ElementType type, long... shape) {
    long bytes = Math.multiplyExact(Tensor.elements(shape), type.bytes());
    if (!memory.isNative() || memory.byteSize() != bytes) {
      throw new IllegalArgumentException(
          "%s bytes of %s memory cannot hold %s %s, wanted %s native bytes"
              .formatted(
                  memory.byteSize(),
                  memory.isNative() ? "native" : "heap",
                  type,
                  Arrays.toString(shape),
                  bytes));
    }
    return tensor(type, shape, memory, () -> {});
  }

  /**
   * Opens a graph from a file; external data is looked up next to it.
   *
   * @throws ModelsFault if the file is missing or no valid graph, or the provider is not there
   */
  public InferenceSession open(Path graph, SessionOptions options) {
    if (!Files.isRegularFile(graph)) {
      throw new ModelsFault("open graph: found no file %s, wanted an ONNX graph".formatted(graph));
    }
    return InferenceSession.open(this, graph.toString(), null, options);
  }

  /**
   * Opens a graph from memory, which may be given back afterwards. External data must come as
   * {@linkplain SessionOptions#initializer initializers}.
   *
   * @param name what the graph is called in messages
   * @throws ModelsFault if it is no valid graph, or the provider is not there
   */
  public InferenceSession open(String name, byte[] graph, SessionOptions options) {
    return InferenceSession.open(this, name, graph, options);
  }

  OrtNative api() {
    return api;
  }

  long env() {
    return env;
  }

  long cpuMemory() {
    return cpuMemory;
  }

  long defaultAllocator() {
    return defaultAllocator;
  }

  /** A new {@code OrtMemoryInfo*} of the device called {@code name}. */
  long memoryInfo(String name, int device, int memory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      check(
          api.createMemoryInfo(arena.allocateFrom(name), DEVICE_ALLOCATOR, device, memory, out),
          "describe memory of " + name);
      return out.get(JAVA_LONG, 0);
    }
  }

  Tensor tensor(ElementType type, long[] shape, MemorySegment memory, Runnable release) {
    long[] sizes = shape.clone();
    long value = value(cpuMemory, type, sizes, memory);
    return new Tensor(this, Provider.CPU, type, sizes, memory, value, release);
  }

  long value(long memoryInfo, ElementType type, long[] shape, MemorySegment memory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      MemorySegment dims = arena.allocateFrom(JAVA_LONG, shape);
      check(
          api.createTensorWithDataAsOrtValue(
              memoryInfo,
              memory.address(),
              memory.byteSize(),
              dims,
              shape.length,
              type.code(),
              out),
          "wrap a tensor");
      return out.get(JAVA_LONG, 0);
    }
  }

  void copy(Tensor source, Tensor target) {
    try (TensorCopies one = new TensorCopies(this, 1)) {
      one.add(source, target);
      one.run();
    }
  }

  /**
   * Has {@link OrtNative#copyTensors} know CUDA's memory, once: it asks the libraries that are
   * registered, not those that sessions use.
   *
   * @param graph what needs it, for messages
   * @throws ModelsFault if the library is too old or lies without its CUDA part
   */
  synchronized void copiesToCuda(String graph) {
    if (copiesToCuda) {
      return;
    }
    if (!api.copiesTensors()) {
      throw new ModelsFault(
          "open graph %s on CUDA: found ONNX Runtime %s at %s, wanted 1.23 or newer; name a newer one with %s"
              .formatted(graph, version(), library, OrtLibraryFile.PATH_VARIABLE));
    }
    Path cuda = library.toAbsolutePath().resolveSibling(OrtLibraryFile.CUDA);
    try (Arena arena = Arena.ofConfined()) {
      long status =
          api.registerExecutionProviderLibrary(
              env, arena.allocateFrom("forearm.cuda"), arena.allocateFrom(cuda.toString()));
      if (status != 0) {
        throw CudaFault.of(graph, api.takeMessage(status));
      }
    }
    copiesToCuda = true;
  }

  /** Turns a failed status into a fault that says what was being done. */
  void check(long status, String operation) {
    if (status != 0) {
      throw new ModelsFault(operation + ": ONNX Runtime says: " + api.takeMessage(status));
    }
  }
}
