package dev.forearm.models.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * One loaded {@code libonnxruntime}. Methods are the C functions of the same name and in the same
 * argument order; those that return {@code long} return an {@code OrtStatus*}, 0 for success, whose
 * text {@link #takeMessage} reads and frees. Arguments named {@code out} receive one pointer, one
 * {@code size_t} or one int. Safe from any thread as far as the C API is.
 */
public final class OrtNative {
  /** The newest table we know; a newer library still serves it. */
  public static final int NEWEST_API = 29;

  /** The oldest table that has all we need (SetDeterministicCompute came in 1.17). */
  public static final int OLDEST_API = 17;

  private static final int TEXT_LIMIT = 1 << 16;

  private final String version;
  private final int apiVersion;
  private final Map<OrtFunction, MemorySegment> table = new EnumMap<>(OrtFunction.class);
  private final MemorySegment runWithBinding;

  private OrtNative(String version, int apiVersion, MemorySegment api) {
    this.version = version;
    this.apiVersion = apiVersion;
    for (OrtFunction function : OrtFunction.values()) {
      if (function.since() <= apiVersion) {
        table.put(function, api.getAtIndex(ADDRESS, function.index()));
      }
    }
    this.runWithBinding = address(OrtFunction.RUN_WITH_BINDING);
  }

  /**
   * Loads a library for the rest of the process. It is forbidden to report its use to anybody.
   *
   * @throws IllegalArgumentException if the file is no loadable library, or no ONNX Runtime whose
   *     function table is known; the message says what was found and wanted
   */
  @SuppressWarnings("restricted")
  public static OrtNative load(Path library) {
    OrtTelemetry.forbid();
    SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.global());
    MemorySegment getApiBase =
        symbols
            .find("OrtGetApiBase")
            .orElseThrow(
                () -> new IllegalArgumentException("found no symbol OrtGetApiBase, wanted one"));
    // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void);
    // }
    MemorySegment base = OrtCall.get(getApiBase).reinterpret(2 * ADDRESS.byteSize());
    String version = text(OrtCall.get(base.getAtIndex(ADDRESS, 1)));
    int apiVersion = apiVersion(version);
    MemorySegment api = OrtCall.getVersion(base.getAtIndex(ADDRESS, 0), apiVersion);
    if (api.address() == 0) {
      throw new IllegalArgumentException(
          "found version %s, which serves no function table %s".formatted(version, apiVersion));
    }
    return new OrtNative(version, apiVersion, api.reinterpret(tableBytes(apiVersion)));
  }

  /** The table to ask a library of this version for: its own, or the newest that we know. */
  static int apiVersion(String version) {
    String[] parts = version.split("\\.", -1);
    if (parts.length >= 2 && parts[0].equals("1") && parts[1].matches("\\d{1,4}")) {
      int minor = Integer.parseInt(parts[1]);
      if (minor >= OLDEST_API) {
        return Math.min(minor, NEWEST_API);
      }
    }
    throw new IllegalArgumentException(
        "found version '%s', wanted 1.%s or newer of major version 1"
            .formatted(version, OLDEST_API));
  }

  private static long tableBytes(int apiVersion) {
    int last = 0;
    for (OrtFunction function : OrtFunction.values()) {
      if (function.since() <= apiVersion) {
        last = Math.max(last, function.index());
      }
    }
    return (last + 1) * ADDRESS.byteSize();
  }

  /** As the library says it, for example {@code 1.29.0}. */
  public String version() {
    return version;
  }

  /** Whether {@link #copyTensors} may be called. */
  public boolean copiesTensors() {
    return OrtFunction.COPY_TENSORS.since() <= apiVersion;
  }

  /** Reads a status' message, releases the status. */
  public String takeMessage(long status) {
    String message = text(OrtCall.text(address(OrtFunction.GET_ERROR_MESSAGE), status));
    OrtCall.release(address(OrtFunction.RELEASE_STATUS), status);
    return message;
  }

  /** Reads a status' error code, an {@code OrtErrorCode}. */
  public int code(long status) {
    return OrtCall.code(address(OrtFunction.GET_ERROR_CODE), status);
  }

  // OrtStatus* RunWithBinding(OrtSession*, const OrtRunOptions*, const OrtIoBinding*)
  /** Runs a session over bound memory; allocates nothing in Java. */
  public long runWithBinding(long session, long runOptions, long binding) {
    return OrtCall.ppp(runWithBinding, session, runOptions, binding);
  }

  // OrtStatus* CreateEnv(OrtLoggingLevel severity, const char* logid, OrtEnv** out)
  public long createEnv(int severity, MemorySegment logId, MemorySegment out) {
    return OrtCall.imm(address(OrtFunction.CREATE_ENV), severity, logId, out);
  }

  // OrtStatus* CreateSession(const OrtEnv*, const char* path, const OrtSessionOptions*,
  // OrtSession** out)
  public long createSession(long env, MemorySegment path, long options, MemorySegment out) {
    return OrtCall.pmpm(address(OrtFunction.CREATE_SESSION), env, path, options, out);
  }

  // OrtStatus* CreateSessionFromArray(const OrtEnv*, const void* model, size_t bytes,
  // const OrtSessionOptions*, OrtSession** out)
  public long createSessionFromArray(
      long env, MemorySegment model, long bytes, long options, MemorySegment out) {
    return OrtCall.pmppm(
        address(OrtFunction.CREATE_SESSION_FROM_ARRAY), env, model, bytes, options, out);
  }

  // OrtStatus* CreateSessionOptions(OrtSessionOptions** out)
  public long createSessionOptions(MemorySegment out) {
    return OrtCall.m(address(OrtFunction.CREATE_SESSION_OPTIONS), out);
  }

  // OrtStatus* DisableMemPattern(OrtSessionOptions*)
  public long disableMemPattern(long options) {
    return OrtCall.p(address(OrtFunction.DISABLE_MEM_PATTERN), options);
  }

  // OrtStatus* DisableCpuMemArena(OrtSessionOptions*)
  public long disableCpuMemArena(long options) {
    return OrtCall.p(address(OrtFunction.DISABLE_CPU_MEM_ARENA), options);
  }

  // OrtStatus* SetSessionLogSeverityLevel(OrtSessionOptions*, int severity)
  public long setSessionLogSeverityLevel(long options, int severity) {
    return OrtCall.pi(address(OrtFunction.SET_SESSION_LOG_SEVERITY_LEVEL), options, severity);
  }

  // OrtStatus* SetSessionGraphOptimizationLevel(OrtSessionOptions*, GraphOptimizationLevel)
  public long setSessionGraphOptimizationLevel(long options, int level) {
    return OrtCall.pi(address(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL), options, level);
  }

  // OrtStatus* SetIntraOpNumThreads(OrtSessionOptions*, int threads)
  public long setIntraOpNumThreads(long options, int threads) {
    return OrtCall.pi(address(OrtFunction.SET_INTRA_OP_NUM_THREADS), options, threads);
  }

  // OrtStatus* SetInterOpNumThreads(OrtSessionOptions*, int threads)
  public long setInterOpNumThreads(long options, int threads) {
    return OrtCall.pi(address(OrtFunction.SET_INTER_OP_NUM_THREADS), options, threads);
  }

  // OrtStatus* AddSessionConfigEntry(OrtSessionOptions*, const char* key, const char* value)
  public long addSessionConfigEntry(long options, MemorySegment key, MemorySegment value) {
    return OrtCall.pmm(address(OrtFunction.ADD_SESSION_CONFIG_ENTRY), options, key, value);
  }

  // OrtStatus* AddInitializer(OrtSessionOptions*, const char* name, const OrtValue*)
  public long addInitializer(long options, MemorySegment name, long value) {
    return OrtCall.pmp(address(OrtFunction.ADD_INITIALIZER), options, name, value);
  }

  // OrtStatus* AddExternalInitializers(
  //     OrtSessionOptions*, const char* const* names, const OrtValue* const*, size_t count)
  public long addExternalInitializers(
      long options, MemorySegment names, MemorySegment values, long count) {
    return OrtCall.pmmp(
        address(OrtFunction.ADD_EXTERNAL_INITIALIZERS), options, names, values, count);
  }

  // OrtStatus* SetDeterministicCompute(OrtSessionOptions*, bool)
  public long setDeterministicCompute(long options, boolean yes) {
    return OrtCall.pb(address(OrtFunction.SET_DETERMINISTIC_COMPUTE), options, yes);
  }

  // OrtStatus* SessionGetInputCount(const OrtSession*, size_t* out)
  public long sessionGetInputCount(long session, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.SESSION_GET_INPUT_COUNT), session, out);
  }

  // OrtStatus* SessionGetOutputCount(const OrtSession*, size_t* out)
  public long sessionGetOutputCount(long session, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.SESSION_GET_OUTPUT_COUNT), session, out);
  }

  // OrtStatus* SessionGetInputTypeInfo(const OrtSession*, size_t index, OrtTypeInfo** out)
  public long sessionGetInputTypeInfo(long session, long index, MemorySegment out) {
    return OrtCall.ppm(address(OrtFunction.SESSION_GET_INPUT_TYPE_INFO), session, index, out);
  }

  // OrtStatus* SessionGetOutputTypeInfo(const OrtSession*, size_t index, OrtTypeInfo** out)
  public long sessionGetOutputTypeInfo(long session, long index, MemorySegment out) {
    return OrtCall.ppm(address(OrtFunction.SESSION_GET_OUTPUT_TYPE_INFO), session, index, out);
  }

  // OrtStatus* SessionGetInputName(const OrtSession*, size_t index, OrtAllocator*, char** out)
  public long sessionGetInputName(long session, long index, long allocator, MemorySegment out) {
    return OrtCall.pppm(
        address(OrtFunction.SESSION_GET_INPUT_NAME), session, index, allocator, out);
  }

  // OrtStatus* SessionGetOutputName(const OrtSession*, size_t index, OrtAllocator*, char** out)
  public long sessionGetOutputName(long session, long index, long allocator, MemorySegment out) {
    return OrtCall.pppm(
        address(OrtFunction.SESSION_GET_OUTPUT_NAME), session, index, allocator, out);
  }

  // OrtStatus* CreateTensorWithDataAsOrtValue(const OrtMemoryInfo*, void* data, size_t bytes,
  // const int64_t* shape, size_t rank, ONNXTensorElementDataType, OrtValue** out)
  public long createTensorWithDataAsOrtValue(
      long memoryInfo,
      long data,
      long bytes,
      MemorySegment shape,
      long rank,
      int type,
      MemorySegment out) {
    return OrtCall.pppmpim(
        address(OrtFunction.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE),
        memoryInfo,
        data,
        bytes,
        shape,
        rank,
        type,
        out);
  }

  // OrtStatus* GetTensorMutableData(OrtValue*, void** out)
  public long getTensorMutableData(long value, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.GET_TENSOR_MUTABLE_DATA), value, out);
  }

  // OrtStatus* CastTypeInfoToTensorInfo(const OrtTypeInfo*, const OrtTensorTypeAndShapeInfo** out);
  // the result belongs to the type info and is NULL for anything but a tensor
  public long castTypeInfoToTensorInfo(long typeInfo, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO), typeInfo, out);
  }

  // OrtStatus* GetTensorElementType(const OrtTensorTypeAndShapeInfo*, enum* out)
  public long getTensorElementType(long info, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.GET_TENSOR_ELEMENT_TYPE), info, out);
  }

  // OrtStatus* GetDimensionsCount(const OrtTensorTypeAndShapeInfo*, size_t* out)
  public long getDimensionsCount(long info, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.GET_DIMENSIONS_COUNT), info, out);
  }

  // OrtStatus* GetDimensions(const OrtTensorTypeAndShapeInfo*, int64_t* dims, size_t rank)
  public long getDimensions(long info, MemorySegment dims, long rank) {
    return OrtCall.pmp(address(OrtFunction.GET_DIMENSIONS), info, dims, rank);
  }

  // OrtStatus* GetSymbolicDimensions(const OrtTensorTypeAndShapeInfo*, const char* names[], size_t)
  public long getSymbolicDimensions(long info, MemorySegment names, long rank) {
    return OrtCall.pmp(address(OrtFunction.GET_SYMBOLIC_DIMENSIONS), info, names, rank);
  }

  // OrtStatus* GetTensorTypeAndShape(const OrtValue*, OrtTensorTypeAndShapeInfo** out)
  public long getTensorTypeAndShape(long value, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.GET_TENSOR_TYPE_AND_SHAPE), value, out);
  }

  // OrtStatus* CreateMemoryInfo(const char* name, OrtAllocatorType, int id, OrtMemType,
  // OrtMemoryInfo** out)
  public long createMemoryInfo(
      MemorySegment name, int allocator, int id, int memory, MemorySegment out) {
    return OrtCall.miiim(address(OrtFunction.CREATE_MEMORY_INFO), name, allocator, id, memory, out);
  }

  // OrtStatus* CreateAllocator(const OrtSession*, const OrtMemoryInfo*, OrtAllocator** out)
  public long createAllocator(long session, long memoryInfo, MemorySegment out) {
    return OrtCall.ppm(address(OrtFunction.CREATE_ALLOCATOR), session, memoryInfo, out);
  }

  // OrtStatus* AllocatorAlloc(OrtAllocator*, size_t bytes, void** out)
  public long allocatorAlloc(long allocator, long bytes, MemorySegment out) {
    return OrtCall.ppm(address(OrtFunction.ALLOCATOR_ALLOC), allocator, bytes, out);
  }

  // OrtStatus* AllocatorFree(OrtAllocator*, void*)
  public long allocatorFree(long allocator, long memory) {
    return OrtCall.pp(address(OrtFunction.ALLOCATOR_FREE), allocator, memory);
  }

  // OrtStatus* GetAllocatorWithDefaultOptions(OrtAllocator** out)
  public long getAllocatorWithDefaultOptions(MemorySegment out) {
    return OrtCall.m(address(OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS), out);
  }

  // OrtStatus* GetAvailableProviders(char*** out, int* count)
  public long getAvailableProviders(MemorySegment out, MemorySegment count) {
    return OrtCall.mm(address(OrtFunction.GET_AVAILABLE_PROVIDERS), out, count);
  }

  // OrtStatus* ReleaseAvailableProviders(char**, int count)
  public long releaseAvailableProviders(long names, int count) {
    return OrtCall.pi(address(OrtFunction.RELEASE_AVAILABLE_PROVIDERS), names, count);
  }

  // OrtStatus* CreateIoBinding(OrtSession*, OrtIoBinding** out)
  public long createIoBinding(long session, MemorySegment out) {
    return OrtCall.pm(address(OrtFunction.CREATE_IO_BINDING), session, out);
  }

  // OrtStatus* BindInput(OrtIoBinding*, const char* name, const OrtValue*)
  public long bindInput(long binding, MemorySegment name, long value) {
    return OrtCall.pmp(address(OrtFunction.BIND_INPUT), binding, name, value);
  }

  // OrtStatus* BindOutput(OrtIoBinding*, const char* name, const OrtValue*)
  public long bindOutput(long binding, MemorySegment name, long value) {
    return OrtCall.pmp(address(OrtFunction.BIND_OUTPUT), binding, name, value);
  }

  // OrtStatus* BindOutputToDevice(OrtIoBinding*, const char* name, const OrtMemoryInfo*)
  public long bindOutputToDevice(long binding, MemorySegment name, long memoryInfo) {
    return OrtCall.pmp(address(OrtFunction.BIND_OUTPUT_TO_DEVICE), binding, name, memoryInfo);
  }

  // OrtStatus* GetBoundOutputValues(const OrtIoBinding*, OrtAllocator*, OrtValue*** out, size_t*
  // count)
  public long getBoundOutputValues(
      long binding, long allocator, MemorySegment out, MemorySegment count) {
    return OrtCall.ppmm(
        address(OrtFunction.GET_BOUND_OUTPUT_VALUES), binding, allocator, out, count);
  }

  // OrtStatus* SynchronizeBoundInputs(OrtIoBinding*)
  public long synchronizeBoundInputs(long binding) {
    return OrtCall.p(address(OrtFunction.SYNCHRONIZE_BOUND_INPUTS), binding);
  }

  // OrtStatus* SynchronizeBoundOutputs(OrtIoBinding*)
  public long synchronizeBoundOutputs(long binding) {
    return OrtCall.p(address(OrtFunction.SYNCHRONIZE_BOUND_OUTPUTS), binding);
  }

  // OrtStatus* CreateCUDAProviderOptions(OrtCUDAProviderOptionsV2** out)
  public long createCudaProviderOptions(MemorySegment out) {
    return OrtCall.m(address(OrtFunction.CREATE_CUDA_PROVIDER_OPTIONS), out);
  }

  // OrtStatus* UpdateCUDAProviderOptions(OrtCUDAProviderOptionsV2*, const char* const* keys,
  // const char* const* values, size_t count)
  public long updateCudaProviderOptions(
      long cudaOptions, MemorySegment keys, MemorySegment values, long count) {
    return OrtCall.pmmp(
        address(OrtFunction.UPDATE_CUDA_PROVIDER_OPTIONS), cudaOptions, keys, values, count);
  }

  // OrtStatus* SessionOptionsAppendExecutionProvider_CUDA_V2(OrtSessionOptions*,
  // const OrtCUDAProviderOptionsV2*)
  public long appendCudaProvider(long options, long cudaOptions) {
    return OrtCall.pp(
        address(OrtFunction.SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2),
        options,
        cudaOptions);
  }

  // OrtStatus* RegisterExecutionProviderLibrary(OrtEnv*, const char* name, const char* path)
  public long registerExecutionProviderLibrary(long env, MemorySegment name, MemorySegment path) {
    return OrtCall.pmm(address(OrtFunction.REGISTER_EXECUTION_PROVIDER_LIBRARY), env, name, path);
  }

  // OrtStatus* CopyTensors(const OrtEnv*, const OrtValue* const* sources, OrtValue* const* targets,
  // OrtSyncStream*, size_t count)
  public long copyTensors(
      long env, MemorySegment sources, MemorySegment targets, long stream, long count) {
    return OrtCall.pmmpp(address(OrtFunction.COPY_TENSORS), env, sources, targets, stream, count);
  }

  // void ReleaseEnv(*)
  public void releaseEnv(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_ENV), pointer);
  }

  // void ReleaseMemoryInfo(*)
  public void releaseMemoryInfo(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_MEMORY_INFO), pointer);
  }

  // void ReleaseSession(*)
  public void releaseSession(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_SESSION), pointer);
  }

  // void ReleaseValue(*)
  public void releaseValue(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_VALUE), pointer);
  }

  // void ReleaseTypeInfo(*)
  public void releaseTypeInfo(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_TYPE_INFO), pointer);
  }

  // void ReleaseTensorTypeAndShapeInfo(*)
  public void releaseTensorTypeAndShapeInfo(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO), pointer);
  }

  // void ReleaseSessionOptions(*)
  public void releaseSessionOptions(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_SESSION_OPTIONS), pointer);
  }

  // void ReleaseAllocator(*)
  public void releaseAllocator(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_ALLOCATOR), pointer);
  }

  // void ReleaseIoBinding(*)
  public void releaseIoBinding(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_IO_BINDING), pointer);
  }

  // void ReleaseCUDAProviderOptions(*)
  public void releaseCudaProviderOptions(long pointer) {
    OrtCall.release(address(OrtFunction.RELEASE_CUDA_PROVIDER_OPTIONS), pointer);
  }

  // void ClearBoundInputs(*)
  public void clearBoundInputs(long pointer) {
    OrtCall.release(address(OrtFunction.CLEAR_BOUND_INPUTS), pointer);
  }

  // void ClearBoundOutputs(*)
  public void clearBoundOutputs(long pointer) {
    OrtCall.release(address(OrtFunction.CLEAR_BOUND_OUTPUTS), pointer);
  }

  /** Reads a C string of the library's; NULL reads as empty. */
  public static String text(MemorySegment pointer) {
    return pointer.address() == 0 ? "" : view(pointer, TEXT_LIMIT).getString(0);
  }

  /** Memory of the library's, of a size known from elsewhere, valid as long as its owner lives. */
  @SuppressWarnings("restricted")
  public static MemorySegment view(MemorySegment pointer, long bytes) {
    return pointer.reinterpret(bytes);
  }

  private MemorySegment address(OrtFunction function) {
    MemorySegment address = table.get(function);
    if (address == null) {
      throw new UnsupportedOperationException(
          "ONNX Runtime %s has no %s; it came with 1.%s"
              .formatted(version, function, function.since()));
    }
    return address;
  }
}
