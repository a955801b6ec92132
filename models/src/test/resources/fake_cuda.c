// A libonnxruntime of a CUDA build, for machines without a GPU: every function of the table is the
// real library's (REAL), but for those that concern CUDA, which work in main memory. What they are
// asked for is written to LOG, a line each. What may be wrong with CUDA is defined by the test:
//
//   FAIL_OPTIONS, FAIL_SESSION, FAIL_GRAPH, FAIL_PINNED   a message at that point
//   CUDA_MICROS, CPU_MICROS                               how long a run takes at least
//   OFFSET                                                what the GPU adds to a first number
#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { // positions in struct OrtApi
  CREATE_STATUS = 0,
  CREATE_SESSION = 7,
  CREATE_SESSION_FROM_ARRAY = 8,
  GET_TENSOR_MUTABLE_DATA = 51,
  CREATE_MEMORY_INFO = 68,
  ALLOCATOR_ALLOC = 75,
  ALLOCATOR_FREE = 76,
  RELEASE_SESSION = 95,
  GET_AVAILABLE_PROVIDERS = 125,
  RELEASE_AVAILABLE_PROVIDERS = 126,
  CREATE_ALLOCATOR = 131,
  RELEASE_ALLOCATOR = 132,
  RUN_WITH_BINDING = 133,
  BIND_INPUT = 136,
  BIND_OUTPUT = 137,
  APPEND_CUDA = 204,
  CREATE_CUDA_OPTIONS = 205,
  UPDATE_CUDA_OPTIONS = 206,
  RELEASE_CUDA_OPTIONS = 208,
  REGISTER_LIBRARY = 301,
  GET_TENSOR_SIZE_IN_BYTES = 318,
  COPY_TENSORS = 386,
  TABLE_SIZE = 425
};

typedef void Status;
typedef struct { bool graph; size_t limit; } CudaOptions;

static void **real;
static void *table[TABLE_SIZE];

static void note(const char *format, ...) {
  FILE *log = fopen(LOG, "a");
  va_list arguments;
  va_start(arguments, format);
  vfprintf(log, format, arguments);
  va_end(arguments);
  fputc('\n', log);
  fclose(log);
}

static Status *fail(const char *message) {
  note("fail %s", message);
  return ((Status *(*)(int, const char *))real[CREATE_STATUS])(1, message);
}

// ---- small sets of pointers: whose session, what memory

enum { MOST = 4096 };
typedef struct { void *place; size_t bytes; } Entry;
typedef struct { Entry all[MOST]; } Set;
static Set cuda_sessions, device_memory, pinned_infos, device_infos;
static CudaOptions appended;
static void *appended_to;
static size_t arena_bytes;
static bool registered; // as ORT 1.29: without it there are no copies to and from CUDA

static void put(Set *set, void *place, size_t bytes) {
  for (int i = 0; i < MOST; i++)
    if (!set->all[i].place) {
      set->all[i] = (Entry){place, bytes};
      return;
    }
  abort();
}

static Entry *find(Set *set, const void *place) {
  for (int i = 0; i < MOST; i++) {
    Entry *at = &set->all[i];
    if (at->place && (char *)place >= (char *)at->place &&
        (char *)place < (char *)at->place + (at->bytes ? at->bytes : 1))
      return at;
  }
  return NULL;
}

static void drop(Set *set, const void *place) {
  Entry *at = find(set, place);
  if (at) *at = (Entry){NULL, 0};
}

static void *data(const void *value) {
  void *place = NULL;
  ((Status *(*)(const void *, void **))real[GET_TENSOR_MUTABLE_DATA])(value, &place);
  return place;
}

static bool on_device(const void *value) { return find(&device_memory, data(value)) != NULL; }

// ---- providers and their options

static char *providers[] = {"CUDAExecutionProvider", "CPUExecutionProvider"};

static Status *get_available_providers(char ***out, int *count) {
  *out = providers;
  *count = 2;
  return NULL;
}

static Status *release_available_providers(char **names, int count) { return NULL; }

static Status *create_cuda_options(CudaOptions **out) {
  *out = calloc(1, sizeof **out);
  return NULL;
}

static Status *update_cuda_options(
    CudaOptions *options, const char *const *keys, const char *const *values, size_t count) {
#ifdef FAIL_OPTIONS
  return fail(FAIL_OPTIONS);
#endif
  for (size_t i = 0; i < count; i++) {
    note("option %s=%s", keys[i], values[i]);
    if (!strcmp(keys[i], "enable_cuda_graph")) options->graph = values[i][0] == '1';
    if (!strcmp(keys[i], "gpu_mem_limit")) options->limit = strtoull(values[i], NULL, 10);
  }
  return NULL;
}

static void release_cuda_options(CudaOptions *options) { free(options); }

static Status *append_cuda(void *session_options, CudaOptions *options) {
  appended_to = session_options;
  appended = *options;
  return NULL;
}

static Status *register_library(void *env, const char *name, const char *path) {
  note("register %s", strrchr(path, '/') + 1);
  registered = true;
  return NULL;
}

// ---- sessions

static Status *opened(const void *options, void **out, Status *failed) {
  if (failed || options != appended_to) return failed;
  appended_to = NULL;
#ifdef FAIL_SESSION
  return fail(FAIL_SESSION);
#endif
#ifdef FAIL_GRAPH
  if (appended.graph) return fail(FAIL_GRAPH);
#endif
  note("session on cuda%s", appended.graph ? " with graph" : "");
  put(&cuda_sessions, *out, 0);
  return NULL;
}

static Status *create_session(void *env, const char *path, const void *options, void **out) {
  return opened(options, out,
      ((Status *(*)(void *, const char *, const void *, void **))real[CREATE_SESSION])(
          env, path, options, out));
}

static Status *create_session_from_array(
    void *env, const void *model, size_t bytes, const void *options, void **out) {
  return opened(options, out,
      ((Status *(*)(void *, const void *, size_t, const void *, void **))
           real[CREATE_SESSION_FROM_ARRAY])(env, model, bytes, options, out));
}

static void release_session(void *session) {
  if (find(&cuda_sessions, session)) note("session closed");
  drop(&cuda_sessions, session);
  ((void (*)(void *))real[RELEASE_SESSION])(session);
}

// ---- memory

static char device_allocator, pinned_allocator;

static Status *create_memory_info(const char *name, int kind, int id, int type, void **out) {
  Status *failed = ((Status *(*)(const char *, int, int, int, void **))real[CREATE_MEMORY_INFO])(
      "Cpu", kind, 0, 0, out);
  drop(&device_infos, *out); // of a description that was released
  drop(&pinned_infos, *out);
  if (!strcmp(name, "Cuda")) put(&device_infos, *out, 0);
  if (!strcmp(name, "CudaPinned")) put(&pinned_infos, *out, 0);
  return failed;
}

static Status *create_allocator(const void *session, const void *info, void **out) {
  if (!find(&cuda_sessions, session))
    return ((Status *(*)(const void *, const void *, void **))real[CREATE_ALLOCATOR])(
        session, info, out);
  *out = find(&pinned_infos, info) ? &pinned_allocator : &device_allocator;
  return NULL;
}

static void release_allocator(void *allocator) {
  if (allocator != &device_allocator && allocator != &pinned_allocator)
    ((void (*)(void *))real[RELEASE_ALLOCATOR])(allocator);
}

static Status *allocator_alloc(void *allocator, size_t bytes, void **out) {
  if (allocator == &pinned_allocator) {
#ifdef FAIL_PINNED
    return fail(FAIL_PINNED);
#endif
    note("pinned %zu", bytes);
    *out = malloc(bytes);
    memset(*out, 0x5a, bytes);
    return NULL;
  }
  if (allocator == &device_allocator) {
    if (appended.limit && arena_bytes + bytes > appended.limit)
      return fail("Available memory of 0 is smaller than requested bytes of 1");
    arena_bytes += bytes;
    note("device %zu", bytes);
    *out = malloc(bytes);
    put(&device_memory, *out, bytes);
    return NULL;
  }
  return ((Status *(*)(void *, size_t, void **))real[ALLOCATOR_ALLOC])(allocator, bytes, out);
}

static Status *allocator_free(void *allocator, void *place) {
  if (allocator != &device_allocator && allocator != &pinned_allocator)
    return ((Status *(*)(void *, void *))real[ALLOCATOR_FREE])(allocator, place);
  Entry *at = find(&device_memory, place);
  if (at) {
    arena_bytes -= at->bytes;
    drop(&device_memory, place);
  }
  note("free");
  free(place);
  return NULL;
}

// ---- runs and copies

static Status *bind_input(void *binding, const char *name, const void *value) {
  note("input %s %s", name, on_device(value) ? "device" : "host");
  return ((Status *(*)(void *, const char *, const void *))real[BIND_INPUT])(binding, name, value);
}

static Status *bind_output(void *binding, const char *name, const void *value) {
  note("output %s %s", name, on_device(value) ? "device" : "host");
  return ((Status *(*)(void *, const char *, const void *))real[BIND_OUTPUT])(binding, name, value);
}

static Status *run_with_binding(void *session, const void *options, const void *binding) {
  bool cuda = find(&cuda_sessions, session) != NULL;
  if (cuda) note("run");
#ifndef CUDA_MICROS
#define CUDA_MICROS 0
#endif
#ifndef CPU_MICROS
#define CPU_MICROS 0
#endif
  int micros = cuda ? CUDA_MICROS : CPU_MICROS;
  if (micros) usleep(micros);
  return ((Status *(*)(void *, const void *, const void *))real[RUN_WITH_BINDING])(
      session, options, binding);
}

static Status *copy_tensors(
    const void *env, const void *const *from, void *const *to, void *stream, size_t count) {
  if (!registered)
    return fail("Data transfer implementation between source and destination device was not found.");
  for (size_t i = 0; i < count; i++) {
    size_t bytes = 0;
    ((Status *(*)(const void *, size_t *))real[GET_TENSOR_SIZE_IN_BYTES])(from[i], &bytes);
    memcpy(data(to[i]), data(from[i]), bytes);
#ifdef OFFSET
    if (on_device(from[i])) *(float *)data(to[i]) += OFFSET;
#endif
    note("copy %s to %s %zu", on_device(from[i]) ? "device" : "host",
        on_device(to[i]) ? "device" : "host", bytes);
  }
  return NULL;
}

// ---- the one symbol

typedef struct { const void *(*get_api)(uint32_t); const char *(*get_version)(void); } ApiBase;
static const ApiBase *real_base;

static const void *get_api(uint32_t version) {
  real = (void **)real_base->get_api(version);
  memcpy(table, real, sizeof table);
  table[CREATE_SESSION] = create_session;
  table[CREATE_SESSION_FROM_ARRAY] = create_session_from_array;
  table[RELEASE_SESSION] = release_session;
  table[CREATE_MEMORY_INFO] = create_memory_info;
  table[ALLOCATOR_ALLOC] = allocator_alloc;
  table[ALLOCATOR_FREE] = allocator_free;
  table[GET_AVAILABLE_PROVIDERS] = get_available_providers;
  table[RELEASE_AVAILABLE_PROVIDERS] = release_available_providers;
  table[CREATE_ALLOCATOR] = create_allocator;
  table[RELEASE_ALLOCATOR] = release_allocator;
  table[RUN_WITH_BINDING] = run_with_binding;
  table[BIND_INPUT] = bind_input;
  table[BIND_OUTPUT] = bind_output;
  table[APPEND_CUDA] = append_cuda;
  table[CREATE_CUDA_OPTIONS] = create_cuda_options;
  table[UPDATE_CUDA_OPTIONS] = update_cuda_options;
  table[RELEASE_CUDA_OPTIONS] = release_cuda_options;
  table[REGISTER_LIBRARY] = register_library;
  table[COPY_TENSORS] = copy_tensors;
  return table;
}

static ApiBase served;

const ApiBase *OrtGetApiBase(void) {
  void *library = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "fake CUDA: %s\n", dlerror());
    abort();
  }
  real_base = ((const ApiBase *(*)(void))dlsym(library, "OrtGetApiBase"))();
  served = (ApiBase){get_api, real_base->get_version};
  return &served;
}
