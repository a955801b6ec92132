// The least that a periodic thread can be: sleeps until absolute deadlines on CLOCK_MONOTONIC under
// SCHED_FIFO with its memory locked, and notes when it woke.
//
//   periodic_loop PERIOD_NS CYCLES PRIORITY   prints 1 or 0, whether it was scheduled as asked, then
//                                             period and lateness of each cycle in ns
//   periodic_loop                             keeps one processor busy
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <time.h>

static const int64_t NANOS_PER_SECOND = 1000000000;

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * NANOS_PER_SECOND + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 4) {
    for (volatile uint64_t i = 0;; i++) {
    }
  }
  int64_t period = atoll(argv[1]);
  long cycles = atol(argv[2]);
  int64_t *periods = calloc(cycles, sizeof *periods);
  int64_t *late = calloc(cycles, sizeof *late);
  struct sched_param priority = {atoi(argv[3])};
  prctl(PR_SET_TIMERSLACK, 1);
  int as_asked = mlockall(MCL_CURRENT | MCL_FUTURE) == 0 && sched_setscheduler(0, SCHED_FIFO, &priority) == 0;
  int64_t last = now();
  int64_t due = last + period;
  for (long i = 0; i < cycles; i++) {
    struct timespec t = {due / NANOS_PER_SECOND, due % NANOS_PER_SECOND};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {
    }
    int64_t woke = now();
    periods[i] = woke - last;
    late[i] = woke - due;
    last = woke;
    due += ((woke - due) / period + 1) * period; // what was slept through is skipped
  }
  printf("%d\n", as_asked);
  for (long i = 1; i < cycles; i++) {
    printf("%lld %lld\n", (long long)periods[i], (long long)late[i]);
  }
  return 0;
}
