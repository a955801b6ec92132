package dev.forearm.models.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ffi.OrtNative;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Names of a session tied to tensors; {@link #run} computes over them and allocates nothing in
 * Java. Names may be bound anew between runs, for example to swap the two halves of a ping-pong
 * pair; two bindings of one session, run in turn, do the same at no cost.
 *
 * <p>On CUDA, binding an input that lies in CPU memory copies it to the device then and there: bind
 * it again after changing it. One thread at a time; close before the session.
 */
public final class Binding implements AutoCloseable {
  private final InferenceSession session;
  private final OrtRuntime runtime;
  private final OrtNative api;
  private final List<String> outputNames = new ArrayList<>();
  private final Map<String, Tensor> bound = new LinkedHashMap<>();
  private Tensor[] inUse = new Tensor[0]; // the bound ones, for a loop that allocates nothing
  private long handle;

  Binding(InferenceSession session) {
    this.session = session;
    this.runtime = session.runtime();
    this.api = runtime.api();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      runtime.check(api.createIoBinding(session.handle(), out), "bind " + session.name());
      this.handle = out.get(JAVA_LONG, 0);
    }
  }

  /**
   * Ties an input to a tensor.
   *
   * @throws ModelsFault if the session has no such input or it wants another type or shape
   */
  public Binding input(String name, Tensor tensor) {
    require("input", session.input(name), tensor);
    try (Arena arena = Arena.ofConfined()) {
      runtime.check(
          api.bindInput(handle(), arena.allocateFrom(name), tensor.handle()),
          "bind input '%s' of %s".formatted(name, session.name()));
    }
    bind("in " + name, tensor);
    return this;
  }

  /**
   * Ties an input that was bound before to another tensor of the same type and shape; allocates
   * nothing in Java.
   */
  public void rebind(Input input, Tensor tensor) {
    long status = api.bindInput(handle(), input.name, tensor.handle());
    if (status != 0) {
      runtime.check(status, "bind an input of " + session.name() + " anew");
    }
  }

  /** The name of an input, in memory that ORT reads; for {@link #rebind}. */
  public static final class Input {
    private final MemorySegment name;

    public Input(String name) {
      this.name = Arena.ofAuto().allocateFrom(name);
    }
  }

  /**
   * Ties an output to a tensor, which every run overwrites.
   *
   * @throws ModelsFault if the session has no such output or it has another type or shape
   */
  public Binding output(String name, Tensor tensor) {
    require("output", session.output(name), tensor);
    try (Arena arena = Arena.ofConfined()) {
      runtime.check(
          api.bindOutput(handle(), arena.allocateFrom(name), tensor.handle()),
          "bind output '%s' of %s".formatted(name, session.name()));
    }
    remember(name);
    bind("out " + name, tensor);
    return this;
  }

  /** Lets ORT allocate an output anew at every run; {@link #takeOutputs} reads it. */
  public Binding output(String name, Provider place) {
    TensorInfo info = session.output(name);
    long memory = session.memoryInfo(place);
    try (Arena arena = Arena.ofConfined()) {
      runtime.check(
          api.bindOutputToDevice(handle(), arena.allocateFrom(info.name()), memory),
          "bind output '%s' of %s".formatted(name, session.name()));
    } finally {
      session.releaseMemoryInfo(memory);
    }
    remember(name);
    return this;
  }

  /**
   * Computes every bound output from the bound inputs.
   *
   * @throws ModelsFault if an input is unbound or a kernel fails
   * @throws IllegalStateException if the binding, its session or a bound tensor is closed
   */
  public void run() {
    for (Tensor tensor : inUse) {
      tensor.handle();
    }
    long status = api.runWithBinding(session.handle(), 0, handle());
    if (status != 0) {
      throw failed(status);
    }
  }

  /** Waits until inputs are on the device and outputs are complete; no-op on the CPU. */
  public void synchronize() {
    long status = api.synchronizeBoundInputs(handle());
    if (status == 0) {
      status = api.synchronizeBoundOutputs(handle());
    }
    if (status != 0) {
      throw failed(status);
    }
  }

  /**
   * Copies of all bound outputs of the last run, in the order they were bound, in new CPU tensors
   * that the caller closes. Outputs must lie in CPU memory.
   */
  public Map<String, Tensor> takeOutputs() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      MemorySegment count = arena.allocate(JAVA_LONG);
      String operation = "read outputs of " + session.name();
      runtime.check(
          api.getBoundOutputValues(handle(), runtime.defaultAllocator(), out, count), operation);
      int n = Math.toIntExact(count.get(JAVA_LONG, 0));
      MemorySegment values = OrtNative.view(out.get(ADDRESS, 0), n * JAVA_LONG.byteSize());
      try {
        for (int i = 0; i < n; i++) {
          String name = outputNames.get(i);
          copies.put(name, copy(name, values.getAtIndex(JAVA_LONG, i), out));
        }
      } catch (RuntimeException | Error e) {
        copies.values().forEach(Tensor::close);
        throw e;
      } finally {
        for (int i = 0; i < n; i++) {
          api.releaseValue(values.getAtIndex(JAVA_LONG, i));
        }
        runtime.check(api.allocatorFree(runtime.defaultAllocator(), values.address()), operation);
      }
    }
    return copies;
  }

  /** Forgets all inputs and outputs. */
  public void clear() {
    api.clearBoundInputs(handle());
    api.clearBoundOutputs(handle());
    bound.clear();
    inUse = new Tensor[0];
    outputNames.clear();
  }

  /** Releases the binding; bound tensors stay with their owners. */
  @Override
  public void close() {
    if (handle != 0) {
      api.releaseIoBinding(handle);
      handle = 0;
      bound.clear();
    }
  }

  private Tensor copy(String name, long value, MemorySegment out) {
    String operation = "read output '%s' of %s".formatted(name, session.name());
    runtime.check(api.getTensorTypeAndShape(value, out), operation);
    long info = out.get(JAVA_LONG, 0);
    TensorInfo found;
    try {
      found = InferenceSession.NativeShape.read(runtime, info, name);
    } finally {
      api.releaseTensorTypeAndShapeInfo(info);
    }
    runtime.check(api.getTensorMutableData(value, out), operation);
    long[] shape = found.dimensions().stream().mapToLong(Long::longValue).toArray();
    Tensor copy = runtime.allocate(found.type(), shape);
    long bytes = copy.memory().byteSize();
    if (bytes > 0) {
      copy.memory().copyFrom(OrtNative.view(out.get(ADDRESS, 0), bytes));
    }
    return copy;
  }

  private void bind(String place, Tensor tensor) {
    bound.put(place, tensor);
    inUse = bound.values().toArray(Tensor[]::new);
  }

  private void remember(String output) {
    if (!outputNames.contains(output)) {
      outputNames.add(output);
    }
  }

  private void require(String role, TensorInfo wanted, Tensor found) {
    if (!wanted.admits(found.type(), found.shape())) {
      throw new ModelsFault(
          "bind %s of %s: found %s, wanted %s".formatted(role, session.name(), found, wanted));
    }
  }

  private long handle() {
    if (handle == 0) {
      throw new IllegalStateException("the binding of " + session.name() + " is closed");
    }
    return handle;
  }

  private ModelsFault failed(long status) {
    return new ModelsFault(
        "run %s: ONNX Runtime says: %s".formatted(session.name(), api.takeMessage(status)));
  }
}
