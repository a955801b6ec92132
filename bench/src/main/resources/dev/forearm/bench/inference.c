// One graph on ONNX Runtime, called as a C program calls it. OrtApi is a table of functions; the
// numbers are their places in it, as onnxruntime_c_api.h of 1.17 and later has them.
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void *(*call)(); // OrtStatus *, null for success

enum {
  CREATE_ENV = 3,
  CREATE_SESSION = 7,
  CREATE_SESSION_OPTIONS = 10,
  SET_GRAPH_OPTIMIZATION_LEVEL = 23,
  SET_INTRA_OP_THREADS = 24,
  SET_INTER_OP_THREADS = 25,
  CREATE_TENSOR_WITH_DATA = 49,
  CREATE_CPU_MEMORY_INFO = 69,
  ADD_SESSION_CONFIG_ENTRY = 130,
  RUN_WITH_BINDING = 133,
  CREATE_IO_BINDING = 134,
  BIND_INPUT = 136,
  BIND_OUTPUT = 137,
  SET_DETERMINISTIC_COMPUTE = 273,
};
enum { ERROR_ONLY = 3, ALL_OPTIMIZATIONS = 99, DEVICE_ALLOCATOR = 0, DEFAULT_MEMORY = 0, FLOAT32 = 1 };

struct base {
  const call *(*api)(uint32_t version);
  const char *(*version)(void);
};

static call run;
static void *session, *binding;

// Opens a graph with input "x" and output "y", both of one row; 0, or the number of the step that failed.
int inference_open(const char *library, int version, const char *graph, float *x, int64_t in, float *y, int64_t out) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  const struct base *(*get_base)(void) = handle ? dlsym(handle, "OrtGetApiBase") : NULL;
  const call *api = get_base ? get_base()->api(version) : NULL;
  if (!api) return 1;
  void *env, *options, *memory, *given, *found;
  int64_t x_shape[] = {1, in}, y_shape[] = {1, out};
  if (api[CREATE_ENV](ERROR_ONLY, "c", &env)) return 2;
  if (api[CREATE_SESSION_OPTIONS](&options)) return 3;
  if (api[SET_INTRA_OP_THREADS](options, 1) || api[SET_INTER_OP_THREADS](options, 1)) return 4;
  if (api[ADD_SESSION_CONFIG_ENTRY](options, "session.intra_op.allow_spinning", "0")) return 5;
  if (api[ADD_SESSION_CONFIG_ENTRY](options, "session.inter_op.allow_spinning", "0")) return 6;
  if (api[ADD_SESSION_CONFIG_ENTRY](options, "session.disable_prepacking", "1")) return 7;
  if (api[SET_GRAPH_OPTIMIZATION_LEVEL](options, ALL_OPTIMIZATIONS)) return 8;
  if (api[SET_DETERMINISTIC_COMPUTE](options, 1)) return 9;
  if (api[CREATE_SESSION](env, graph, options, &session)) return 10;
  if (api[CREATE_CPU_MEMORY_INFO](DEVICE_ALLOCATOR, DEFAULT_MEMORY, &memory)) return 11;
  if (api[CREATE_TENSOR_WITH_DATA](memory, x, in * sizeof *x, x_shape, (size_t)2, FLOAT32, &given)) return 12;
  if (api[CREATE_TENSOR_WITH_DATA](memory, y, out * sizeof *y, y_shape, (size_t)2, FLOAT32, &found)) return 13;
  if (api[CREATE_IO_BINDING](session, &binding)) return 14;
  if (api[BIND_INPUT](binding, "x", given) || api[BIND_OUTPUT](binding, "y", found)) return 15;
  run = api[RUN_WITH_BINDING];
  return 0;
}

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// Time in ns that so many runs took; -1 if one failed.
int64_t inference_nanos(int64_t runs) {
  int64_t began = now();
  for (int64_t i = 0; i < runs; i++) {
    if (run(session, NULL, binding)) return -1;
  }
  return now() - began;
}
