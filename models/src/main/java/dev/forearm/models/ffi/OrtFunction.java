package dev.forearm.models.ffi;

/**
 * The functions of {@code struct OrtApi} that we call, with their position in the struct and the
 * first API version that has them.
 *
 * <p>Source: {@code onnxruntime_c_api.h} of ONNX Runtime 1.29 (ORT_API_VERSION 29); positions are
 * {@code offsetof(struct OrtApi, F) / sizeof(void*)} as a C compiler computed them. The whole
 * computed list is the test resource {@code ort_api_29.txt}, made by {@code
 * models/export/tools/ort_api_table.py}, and a test compares it with this table. Functions older
 * than the oldest version we accept are marked with that version.
 */
enum OrtFunction {
  GET_ERROR_CODE(1, 17),
  GET_ERROR_MESSAGE(2, 17),
  CREATE_ENV(3, 17),
  CREATE_SESSION(7, 17),
  CREATE_SESSION_FROM_ARRAY(8, 17),
  CREATE_SESSION_OPTIONS(10, 17),
  DISABLE_MEM_PATTERN(17, 17),
  DISABLE_CPU_MEM_ARENA(19, 17),
  SET_SESSION_LOG_SEVERITY_LEVEL(22, 17),
  SET_SESSION_GRAPH_OPTIMIZATION_LEVEL(23, 17),
  SET_INTRA_OP_NUM_THREADS(24, 17),
  SET_INTER_OP_NUM_THREADS(25, 17),
  SESSION_GET_INPUT_COUNT(30, 17),
  SESSION_GET_OUTPUT_COUNT(31, 17),
  SESSION_GET_INPUT_TYPE_INFO(33, 17),
  SESSION_GET_OUTPUT_TYPE_INFO(34, 17),
  SESSION_GET_INPUT_NAME(36, 17),
  SESSION_GET_OUTPUT_NAME(37, 17),
  CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE(49, 17),
  GET_TENSOR_MUTABLE_DATA(51, 17),
  CAST_TYPE_INFO_TO_TENSOR_INFO(55, 17),
  GET_TENSOR_ELEMENT_TYPE(60, 17),
  GET_DIMENSIONS_COUNT(61, 17),
  GET_DIMENSIONS(62, 17),
  GET_SYMBOLIC_DIMENSIONS(63, 17),
  GET_TENSOR_TYPE_AND_SHAPE(65, 17),
  CREATE_MEMORY_INFO(68, 17),
  ALLOCATOR_ALLOC(75, 17),
  ALLOCATOR_FREE(76, 17),
  GET_ALLOCATOR_WITH_DEFAULT_OPTIONS(78, 17),
  RELEASE_ENV(92, 17),
  RELEASE_STATUS(93, 17),
  RELEASE_MEMORY_INFO(94, 17),
  RELEASE_SESSION(95, 17),
  RELEASE_VALUE(96, 17),
  RELEASE_TYPE_INFO(98, 17),
  RELEASE_TENSOR_TYPE_AND_SHAPE_INFO(99, 17),
  RELEASE_SESSION_OPTIONS(100, 17),
  GET_AVAILABLE_PROVIDERS(125, 17),
  RELEASE_AVAILABLE_PROVIDERS(126, 17),
  ADD_SESSION_CONFIG_ENTRY(130, 17),
  CREATE_ALLOCATOR(131, 17),
  RELEASE_ALLOCATOR(132, 17),
  RUN_WITH_BINDING(133, 17),
  CREATE_IO_BINDING(134, 17),
  RELEASE_IO_BINDING(135, 17),
  BIND_INPUT(136, 17),
  BIND_OUTPUT(137, 17),
  BIND_OUTPUT_TO_DEVICE(138, 17),
  GET_BOUND_OUTPUT_VALUES(140, 17),
  CLEAR_BOUND_INPUTS(141, 17),
  CLEAR_BOUND_OUTPUTS(142, 17),
  ADD_INITIALIZER(150, 17),
  SYNCHRONIZE_BOUND_INPUTS(202, 17),
  SYNCHRONIZE_BOUND_OUTPUTS(203, 17),
  SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2(204, 17),
  CREATE_CUDA_PROVIDER_OPTIONS(205, 17),
  UPDATE_CUDA_PROVIDER_OPTIONS(206, 17),
  RELEASE_CUDA_PROVIDER_OPTIONS(208, 17),
  ADD_EXTERNAL_INITIALIZERS(210, 17),
  SET_DETERMINISTIC_COMPUTE(273, 17),
  REGISTER_EXECUTION_PROVIDER_LIBRARY(301, 22),
  COPY_TENSORS(386, 23);

  /** Entries of the table in the newest version we know. */
  static final int TABLE_SIZE = 425;

  private final int index;
  private final int since;

  OrtFunction(int index, int since) {
    this.index = index;
    this.since = since;
  }

  /** Position in {@code struct OrtApi}, in pointers. */
  int index() {
    return index;
  }

  /** First API version that has the function. */
  int since() {
    return since;
  }
}
