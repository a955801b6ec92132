package dev.forearm.models.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ffi.OrtNative;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One graph ready to run. Opened by {@link OrtRuntime#open}; closed by its opener, after its
 * bindings. May run on several threads at once, each with its own {@link Binding}.
 */
public final class InferenceSession implements AutoCloseable {
  private final OrtRuntime runtime;
  private final String name;
  private final Provider provider;
  private final int device;
  private final List<TensorInfo> inputs;
  private final List<TensorInfo> outputs;

  /** Kept reachable: the session reads their memory. */
  @SuppressWarnings("unused")
  private final List<Tensor> weights;

  private long handle;

  private InferenceSession(OrtRuntime runtime, String name, SessionOptions options, long handle) {
    this.runtime = runtime;
    this.name = name;
    this.provider = options.provider();
    this.device = options.cudaDevice();
    this.weights =
        Stream.of(options.initializers(), options.external())
            .flatMap(given -> given.values().stream())
            .toList();
    this.handle = handle;
    try {
      this.inputs = describe(true);
      this.outputs = describe(false);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  static InferenceSession open(
      OrtRuntime runtime, String name, byte @Nullable [] graph, SessionOptions options) {
    OrtNative api = runtime.api();
    try (Arena arena = Arena.ofConfined();
        NativeOptions built = NativeOptions.build(runtime, options, name)) {
      MemorySegment out = arena.allocate(ADDRESS);
      long status;
      if (graph == null) {
        status = api.createSession(runtime.env(), arena.allocateFrom(name), built.handle(), out);
      } else {
        MemorySegment copy = arena.allocateFrom(JAVA_BYTE, graph);
        status = api.createSessionFromArray(runtime.env(), copy, graph.length, built.handle(), out);
      }
      built.check(status);
      if (options.provider() == Provider.CUDA) {
        runtime.copiesToCuda(name);
      }
      return new InferenceSession(runtime, name, options, out.get(JAVA_LONG, 0));
    }
  }

  /** What the graph is called in messages: its file, or the name it was opened under. */
  public String name() {
    return name;
  }

  /** The graph's inputs, in order, without initializers. */
  public List<TensorInfo> inputs() {
    return inputs;
  }

  /** The graph's outputs, in order. */
  public List<TensorInfo> outputs() {
    return outputs;
  }

  /**
   * An input by name.
   *
   * @throws ModelsFault if there is none
   */
  public TensorInfo input(String wanted) {
    return find(inputs, "input", wanted);
  }

  /**
   * An output by name.
   *
   * @throws ModelsFault if there is none
   */
  public TensorInfo output(String wanted) {
    return find(outputs, "output", wanted);
  }

  /** A new, empty binding; close it before this session. */
  public Binding bind() {
    return new Binding(this);
  }

  /**
   * Runs once, for work that need not be fast: binds, runs, copies every output into a new tensor.
   *
   * @return outputs by name in graph order, in CPU memory; the caller closes them
   */
  public Map<String, Tensor> run(Map<String, Tensor> feeds) {
    try (Binding binding = bind()) {
      feeds.forEach(binding::input);
      outputs.forEach(output -> binding.output(output.name(), Provider.CPU));
      binding.run();
      return binding.takeOutputs();
    }
  }

  /** Where it computes. */
  public Provider provider() {
    return provider;
  }

  /**
   * A tensor of undefined content in the memory of this session's provider; plain CPU memory when
   * that is the CPU. Close it before the session.
   */
  public Tensor allocateOnDevice(ElementType type, long... shape) {
    return provider == Provider.CPU
        ? runtime.allocate(type, shape)
        : allocate(provider, memoryInfo(provider), type, shape);
  }

  /**
   * A zeroed tensor in main memory that is fastest to copy to and from this session's provider: on
   * a GPU page-locked. Close it before the session.
   */
  public Tensor allocateOnHost(ElementType type, long... shape) {
    if (provider == Provider.CPU) {
      return runtime.allocate(type, shape);
    }
    long pinned = runtime.memoryInfo("CudaPinned", device, OrtRuntime.HOST_MEMORY);
    Tensor tensor = allocate(Provider.CPU, pinned, type, shape);
    tensor.memory().fill((byte) 0);
    return tensor;
  }

  /** A tensor in the memory of this session's that {@code info} describes, which is released. */
  private Tensor allocate(Provider place, long info, ElementType type, long... shape) {
    OrtNative api = runtime.api();
    long bytes = Math.multiplyExact(Tensor.elements(shape), type.bytes());
    OwnedResources owned = new OwnedResources();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      runtime.check(api.createAllocator(handle(), info, out), "find the allocator of " + provider);
      long allocator = out.get(JAVA_LONG, 0);
      owned.add(() -> api.releaseAllocator(allocator));
      long status = api.allocatorAlloc(allocator, Math.max(1, bytes), out);
      if (status != 0) {
        throw CudaFault.of(name, api.takeMessage(status));
      }
      MemorySegment memory = OrtNative.view(out.get(ADDRESS, 0), bytes);
      owned.add(() ->
          runtime.check(api.allocatorFree(allocator, memory.address()), "free device memory"));
      long[] sizes = shape.clone();
      long value = runtime.value(info, type, sizes, memory);
      return new Tensor(runtime, place, type, sizes, memory, value, owned::close);
    } catch (RuntimeException | Error e) {
      owned.close();
      throw e;
    } finally {
      releaseMemoryInfo(info);
    }
  }

  /** Releases the session; its bindings must be closed already. */
  @Override
  public void close() {
    if (handle != 0) {
      runtime.api().releaseSession(handle);
      handle = 0;
    }
  }

  @Override
  public String toString() {
    return name + " " + inputs + " -> " + outputs;
  }

  long handle() {
    if (handle == 0) {
      throw new IllegalStateException("session " + name + " is closed");
    }
    return handle;
  }

  OrtRuntime runtime() {
    return runtime;
  }

  /**
   * The {@code OrtMemoryInfo*} of a provider's memory, to be given to {@link #releaseMemoryInfo}.
   */
  long memoryInfo(Provider place) {
    return place == Provider.CPU
        ? runtime.cpuMemory()
        : runtime.memoryInfo("Cuda", device, OrtRuntime.DEFAULT_MEMORY);
  }

  void releaseMemoryInfo(long info) {
    if (info != runtime.cpuMemory()) {
      runtime.api().releaseMemoryInfo(info);
    }
  }

  private TensorInfo find(List<TensorInfo> among, String role, String wanted) {
    return among.stream()
        .filter(info -> info.name().equals(wanted))
        .findFirst()
        .orElseThrow(() ->
            new ModelsFault(
                "graph %s: found %ss %s, wanted one named '%s'"
                    .formatted(
                        name,
                        role,
                        among.stream().map(TensorInfo::name).collect(Collectors.toList()),
                        wanted)));
  }

  private List<TensorInfo> describe(boolean input) {
    OrtNative api = runtime.api();
    List<TensorInfo> found = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      runtime.check(
          input ? api.sessionGetInputCount(handle, out) : api.sessionGetOutputCount(handle, out),
          "read graph " + name);
      long count = out.get(JAVA_LONG, 0);
      for (long i = 0; i < count; i++) {
        found.add(describe(input, i, out));
      }
    }
    return List.copyOf(found);
  }

  private TensorInfo describe(boolean input, long index, MemorySegment out) {
    OrtNative api = runtime.api();
    long allocator = runtime.defaultAllocator();
    String operation = "read graph " + name;
    runtime.check(
        input
            ? api.sessionGetInputName(handle, index, allocator, out)
            : api.sessionGetOutputName(handle, index, allocator, out),
        operation);
    String tensor = OrtNative.text(out.get(ADDRESS, 0));
    runtime.check(api.allocatorFree(allocator, out.get(JAVA_LONG, 0)), operation);
    runtime.check(
        input
            ? api.sessionGetInputTypeInfo(handle, index, out)
            : api.sessionGetOutputTypeInfo(handle, index, out),
        operation);
    long typeInfo = out.get(JAVA_LONG, 0);
    try {
      runtime.check(api.castTypeInfoToTensorInfo(typeInfo, out), operation);
      long info = out.get(JAVA_LONG, 0);
      if (info == 0) {
        throw new ModelsFault(
            "%s: '%s' is a sequence, map or optional, wanted a tensor"
                .formatted(operation, tensor));
      }
      return NativeShape.read(runtime, info, tensor);
    } finally {
      api.releaseTypeInfo(typeInfo);
    }
  }

  /** Reads an {@code OrtTensorTypeAndShapeInfo}. */
  static final class NativeShape {
    private NativeShape() {}

    static TensorInfo read(OrtRuntime runtime, long info, String tensor) {
      OrtNative api = runtime.api();
      String operation = "read tensor '" + tensor + "'";
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment out = arena.allocate(ADDRESS);
        runtime.check(api.getTensorElementType(info, out), operation);
        int code = out.get(JAVA_INT, 0);
        runtime.check(api.getDimensionsCount(info, out), operation);
        int rank = Math.toIntExact(out.get(JAVA_LONG, 0));
        MemorySegment dims = arena.allocate(JAVA_LONG, Math.max(1, rank));
        MemorySegment names = arena.allocate(ADDRESS, Math.max(1, rank));
        runtime.check(api.getDimensions(info, dims, rank), operation);
        runtime.check(api.getSymbolicDimensions(info, names, rank), operation);
        List<Long> sizes = new ArrayList<>();
        List<String> symbols = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
          sizes.add(dims.getAtIndex(JAVA_LONG, i));
          symbols.add(OrtNative.text(names.getAtIndex(ADDRESS, i)));
        }
        return new TensorInfo(tensor, type(code, tensor), sizes, symbols);
      }
    }

    private static ElementType type(int code, String tensor) {
      try {
        return ElementType.of(code);
      } catch (IllegalArgumentException e) {
        throw new ModelsFault("tensor '%s': %s".formatted(tensor, e.getMessage()), e);
      }
    }
  }
}
