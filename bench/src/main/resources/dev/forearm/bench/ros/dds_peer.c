// A round trip over Eclipse Cyclone DDS as a C program makes it: the structure that idlc generates for
// sensor_msgs/msg/JointState, dds_write, a waitset, dds_take. Its ends and what they are told: package-info of
// dev.forearm.bench.ros.
//
//   dds_peer echo PREFIX | dds_peer ping PREFIX     in the domain ROS_DOMAIN_ID
//
// What is needed of dds/dds.h, the same in 0.10 and 11.0, is declared here: no headers need be installed.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef int32_t dds_entity_t;

typedef struct {
  uint32_t maximum, length;
  void *buffer;
  bool release;
} dds_sequence_t;

typedef struct {
  unsigned char *data;
  uint32_t size;
} dds_type_meta_ser_t;

typedef struct {
  uint32_t size, align, flags, keys;
  const char *type_name;
  const void *key_descriptors;
  uint32_t op_count;
  const uint32_t *ops;
  const char *meta;
  dds_type_meta_ser_t type_information, type_mapping;
  uint32_t data_representation;
} dds_topic_descriptor_t;

typedef struct {
  int sample_state, view_state, instance_state;
  bool valid_data;
  int64_t source_timestamp;
  uint64_t instance_handle, publication_handle;
  uint32_t generations[5];
} dds_sample_info_t;

extern dds_entity_t dds_create_participant(uint32_t domain, const void *qos, const void *listener);
extern dds_entity_t dds_create_topic(dds_entity_t participant, const dds_topic_descriptor_t *descriptor,
                                     const char *name, const void *qos, const void *listener);
extern dds_entity_t dds_create_writer(dds_entity_t participant, dds_entity_t topic, const void *qos,
                                      const void *listener);
extern dds_entity_t dds_create_reader(dds_entity_t participant, dds_entity_t topic, const void *qos,
                                      const void *listener);
extern dds_entity_t dds_create_readcondition(dds_entity_t reader, uint32_t mask);
extern dds_entity_t dds_create_waitset(dds_entity_t participant);
extern int32_t dds_waitset_attach(dds_entity_t waitset, dds_entity_t entity, intptr_t argument);
extern int32_t dds_waitset_wait(dds_entity_t waitset, intptr_t *triggered, size_t count, int64_t timeout);
extern int32_t dds_take(dds_entity_t reader, void **samples, dds_sample_info_t *infos, size_t size, uint32_t most);
extern int32_t dds_return_loan(dds_entity_t reader, void **samples, int32_t count);
extern int32_t dds_write(dds_entity_t writer, const void *sample);
extern int32_t dds_get_matched_publications(dds_entity_t reader, uint64_t *writers, size_t count);
extern int32_t dds_get_matched_subscriptions(dds_entity_t writer, uint64_t *readers, size_t count);
extern void *dds_create_qos(void);
extern void dds_qset_reliability(void *qos, int kind, int64_t max_blocking_time);
extern void dds_qset_history(void *qos, int kind, int32_t depth);
extern void dds_qset_data_representation(void *qos, uint32_t count, const int16_t *values);
extern const char *dds_strretcode(int32_t code);

enum { ANY_STATE = 127, RELIABLE = 1, KEEP_LAST = 0, DEPTH = 10, BATCH = 16, JOINTS = 7 };

typedef struct {
  int32_t sec;
  uint32_t nanosec;
  char *frame_id;
  dds_sequence_t name, position, velocity, effort;
} JointState;

// dds/ddsc/dds_opcodes.h
enum { ADR = 1 << 24, SEQUENCE = 7 << 16, INT32 = 3 << 16, STRING = 5 << 16, OF_STRING = 5 << 8, OF_8_BYTES = 4 << 8 };

static const uint32_t OPS[] = {
    ADR | INT32,                 offsetof(JointState, sec),      //
    ADR | INT32,                 offsetof(JointState, nanosec),  //
    ADR | STRING,                offsetof(JointState, frame_id), //
    ADR | SEQUENCE | OF_STRING,  offsetof(JointState, name),     //
    ADR | SEQUENCE | OF_8_BYTES, offsetof(JointState, position), //
    ADR | SEQUENCE | OF_8_BYTES, offsetof(JointState, velocity), //
    ADR | SEQUENCE | OF_8_BYTES, offsetof(JointState, effort),   //
    0};

static const dds_topic_descriptor_t DESCRIPTOR = {
    .size = sizeof(JointState),
    .align = 8,
    .flags = 1 << 7, // which representations are allowed is said below: XCDR1, as ROS 2 speaks
    .type_name = "sensor_msgs::msg::dds_::JointState_",
    .op_count = sizeof OPS / sizeof *OPS,
    .ops = OPS,
    .meta = "",
    .data_representation = 1};

static dds_entity_t reader, writer, waitset;
static int64_t *nanos; // of the answers, in order
static long expected;
static volatile long answers;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void sleep_until(int64_t due) {
  struct timespec t = {due / 1000000000L, due % 1000000000L};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
  }
}

static int32_t checked(int32_t result, const char *operation) {
  if (result < 0) {
    fprintf(stderr, "%s: Cyclone DDS says '%s'\n", operation, dds_strretcode(result));
    exit(1);
  }
  return result;
}

static void join(const char *prefix, const char *out, const char *in) {
  const char *domain = getenv("ROS_DOMAIN_ID");
  dds_entity_t participant =
      checked(dds_create_participant(domain ? atoi(domain) : 0, NULL, NULL), "joining");
  void *qos = dds_create_qos();
  dds_qset_reliability(qos, RELIABLE, 100000000);
  dds_qset_history(qos, KEEP_LAST, DEPTH);
  dds_qset_data_representation(qos, 1, (int16_t[]){0}); // XCDR1
  char name[256];
  snprintf(name, sizeof name, "rt/%s/%s", prefix, out);
  dds_entity_t topic = checked(dds_create_topic(participant, &DESCRIPTOR, name, NULL, NULL), name);
  writer = checked(dds_create_writer(participant, topic, qos, NULL), name);
  snprintf(name, sizeof name, "rt/%s/%s", prefix, in);
  topic = checked(dds_create_topic(participant, &DESCRIPTOR, name, NULL, NULL), name);
  reader = checked(dds_create_reader(participant, topic, qos, NULL), name);
  waitset = checked(dds_create_waitset(participant), "making a waitset");
  dds_entity_t condition = checked(dds_create_readcondition(reader, ANY_STATE), "making a condition");
  checked(dds_waitset_attach(waitset, condition, 0), "attaching a condition");
}

static void echo(const JointState *message) { checked(dds_write(writer, message), "answering"); }

static void note(const JointState *message) {
  long index = answers;
  if (index < expected) {
    nanos[index] = now() - (message->sec * 1000000000L + message->nanosec);
    __atomic_store_n(&answers, index + 1, __ATOMIC_RELEASE);
  }
}

static void *receive(void *handler) {
  void (*handle)(const JointState *) = handler;
  for (;;) {
    void *samples[BATCH] = {NULL}; // the library lends its own
    dds_sample_info_t infos[BATCH];
    intptr_t triggered;
    checked(dds_waitset_wait(waitset, &triggered, 1, INT64_MAX), "waiting");
    int32_t taken = checked(dds_take(reader, samples, infos, BATCH, BATCH), "taking");
    for (int32_t i = 0; i < taken; i++) {
      if (infos[i].valid_data) {
        handle(samples[i]);
      }
    }
    if (taken > 0) {
      checked(dds_return_loan(reader, samples, taken), "returning a loan");
    }
  }
  return NULL;
}

static dds_sequence_t sequence(void *buffer) { return (dds_sequence_t){JOINTS, JOINTS, buffer, false}; }

static void ping(long count, int64_t period) {
  char texts[JOINTS][32];
  char *names[JOINTS];
  double values[JOINTS];
  for (int i = 0; i < JOINTS; i++) {
    snprintf(texts[i], sizeof texts[i], "panda_joint%d", i + 1);
    names[i] = texts[i];
    values[i] = 0.1 * i;
  }
  JointState message = {0, 0, "panda_link0", sequence(names), sequence(values), sequence(values), sequence(values)};
  while (dds_get_matched_subscriptions(writer, NULL, 0) != 1 || dds_get_matched_publications(reader, NULL, 0) != 1) {
    sleep_until(now() + 1000000);
  }
  expected = 0; // nothing is noted while the place for it changes
  nanos = realloc(nanos, count * sizeof *nanos);
  answers = 0;
  __atomic_store_n(&expected, count, __ATOMIC_RELEASE);
  int64_t due = now();
  for (long i = 0; i < count; i++) {
    sleep_until(due);
    int64_t sent = now();
    due += ((sent - due) / period + 1) * period; // what was slept through is skipped
    message.sec = sent / 1000000000L;
    message.nanosec = sent % 1000000000L;
    checked(dds_write(writer, &message), "sending");
  }
  for (int64_t end = now() + 2000000000L; __atomic_load_n(&answers, __ATOMIC_ACQUIRE) < count && now() < end;) {
    sleep_until(now() + 1000000);
  }
  for (long i = 0; i < answers; i++) {
    printf("rtt %lld\n", (long long)nanos[i]);
  }
  printf("end\n");
  fflush(stdout);
}

int main(int argc, char **argv) {
  bool answering = argc == 3 && strcmp(argv[1], "echo") == 0;
  join(argv[2], answering ? "pong" : "ping", answering ? "ping" : "pong");
  pthread_t thread;
  pthread_create(&thread, NULL, receive, answering ? echo : note);
  char order[128];
  long count;
  long long period;
  while (fgets(order, sizeof order, stdin)) {
    if (sscanf(order, "joint_states %ld %lld", &count, &period) == 2) {
      ping(count, period);
    }
  }
  return 0;
}
