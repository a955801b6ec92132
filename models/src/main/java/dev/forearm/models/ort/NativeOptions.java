package dev.forearm.models.ort;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.ffi.OrtNative;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@link SessionOptions} as an {@code OrtSessionOptions*}, alive while a session is created. */
final class NativeOptions implements AutoCloseable {
  private final OrtRuntime runtime;
  private final String graph;
  private boolean cuda;
  private final Arena arena = Arena.ofConfined();
  private final long handle;

  private NativeOptions(OrtRuntime runtime, String graph) {
    this.runtime = runtime;
    this.graph = graph;
    try {
      MemorySegment out = arena.allocate(ADDRESS);
      runtime.check(runtime.api().createSessionOptions(out), "open graph " + graph);
      handle = out.get(JAVA_LONG, 0);
    } catch (RuntimeException | Error e) {
      arena.close();
      throw e;
    }
  }

  static NativeOptions build(OrtRuntime runtime, SessionOptions options, String graph) {
    NativeOptions built = new NativeOptions(runtime, graph);
    try {
      built.apply(options);
      return built;
    } catch (RuntimeException | Error e) {
      built.close();
      throw e;
    }
  }

  long handle() {
    return handle;
  }

  @Override
  public void close() {
    runtime.api().releaseSessionOptions(handle);
    arena.close();
  }

  private void apply(SessionOptions options) {
    OrtNative api = runtime.api();
    check(api.setIntraOpNumThreads(handle, options.threads()));
    check(api.setInterOpNumThreads(handle, 1));
    entry("session.intra_op.allow_spinning", options.spinning() ? "1" : "0");
    entry("session.inter_op.allow_spinning", "0");
    check(api.setSessionGraphOptimizationLevel(handle, options.optimization().code()));
    check(api.setDeterministicCompute(handle, options.deterministic()));
    if (!options.prepacking()) {
      entry("session.disable_prepacking", "1");
    }
    Path folder = options.externalFolder();
    if (folder != null) {
      entry("session.model_external_initializers_file_folder_path", folder.toString());
    }
    if (!options.memoryPattern()) {
      check(api.disableMemPattern(handle));
    }
    for (Map.Entry<String, Tensor> weight : options.initializers().entrySet()) {
      check(
          api.addInitializer(
              handle, arena.allocateFrom(weight.getKey()), weight.getValue().handle()));
    }
    addExternal(options.external());
    if (options.provider() == Provider.CUDA) {
      appendCuda(options);
    }
  }

  private void addExternal(Map<String, Tensor> weights) {
    if (weights.isEmpty()) {
      return;
    }
    MemorySegment values = arena.allocate(ADDRESS, weights.size());
    int i = 0;
    for (Tensor weight : weights.values()) {
      values.setAtIndex(JAVA_LONG, i++, weight.handle());
    }
    check(
        runtime
            .api()
            .addExternalInitializers(
                handle, strings(weights.keySet().toArray(new String[0])), values, weights.size()));
  }

  private void appendCuda(SessionOptions options) {
    if (!runtime.availableProviders().contains(Provider.CUDA.ortName())) {
      throw new ModelsFault(
          "open graph %s on CUDA: found providers %s in ONNX Runtime %s at %s, wanted %s; run './forearm setup --gpu', which fetches onnxruntime_gpu, or set %s to a CUDA build, or choose the CPU"
              .formatted(
                  graph,
                  runtime.availableProviders(),
                  runtime.version(),
                  runtime.library(),
                  Provider.CUDA.ortName(),
                  OrtLibraryFile.PATH_VARIABLE));
    }
    OrtNative api = runtime.api();
    cuda = true;
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("device_id", Integer.toString(options.cudaDevice()));
    settings.put("arena_extend_strategy", "kSameAsRequested");
    if (options.deterministic()) {
      settings.put("cudnn_conv_algo_search", "DEFAULT");
      settings.put("use_tf32", "0");
    }
    if (options.cudaMemoryBytes() > 0) {
      settings.put("gpu_mem_limit", Long.toString(options.cudaMemoryBytes()));
    }
    if (options.cudaGraph()) {
      settings.put("enable_cuda_graph", "1");
    }
    MemorySegment out = arena.allocate(ADDRESS);
    check(api.createCudaProviderOptions(out));
    long cudaOptions = out.get(JAVA_LONG, 0);
    try {
      check(
          api.updateCudaProviderOptions(
              cudaOptions,
              strings(settings.keySet().toArray(new String[0])),
              strings(settings.values().toArray(new String[0])),
              settings.size()));
      check(api.appendCudaProvider(handle, cudaOptions));
    } finally {
      api.releaseCudaProviderOptions(cudaOptions);
    }
  }

  private MemorySegment strings(String[] texts) {
    MemorySegment array = arena.allocate(ADDRESS, texts.length);
    for (int i = 0; i < texts.length; i++) {
      array.setAtIndex(ADDRESS, i, arena.allocateFrom(texts[i]));
    }
    return array;
  }

  private void entry(String key, String value) {
    check(
        runtime
            .api()
            .addSessionConfigEntry(handle, arena.allocateFrom(key), arena.allocateFrom(value)));
  }

  /** Turns a failed status into a fault; of CUDA's into one that says what is missing. */
  void check(long status) {
    if (status != 0 && cuda) {
      throw CudaFault.of(graph, runtime.api().takeMessage(status));
    }
    runtime.check(status, "open graph " + graph);
  }
}
