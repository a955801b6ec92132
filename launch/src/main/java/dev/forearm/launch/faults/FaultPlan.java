package dev.forearm.launch.faults;

import dev.forearm.runtime.robot.Robot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What goes wrong in one episode, all of it drawn from a seed.
 *
 * @param seed of everything that is random in the episode
 * @param strikes in no order; they may overlap
 * @param faultsEndNanos when the last is over
 * @param operator whether somebody resets and engages the arm afterwards
 * @param fullDisk whether it is recorded, to a disk that is full
 */
record FaultPlan(
    long seed, List<Strike> strikes, long faultsEndNanos, boolean operator, boolean fullDisk) {
  private static final long MS = 1_000_000;
  private static final List<FaultKind> KINDS = List.of(FaultKind.values());

  /** When the arm is engaged. */
  static final long ENGAGED_NANOS = 60 * MS;

  private static final long SETTLING_NANOS = 300 * MS;
  private static final long FIRST_NANOS = 250 * MS;
  private static final int MOST_STRIKES = 5;
  private static final double LONG_SHARE = 0.1;
  private static final double OPERATOR_SHARE = 0.7;
  private static final double FULL_DISK_SHARE = 0.03;

  static FaultPlan draw(long seed, Robot robot) {
    SplittableRandom random = new SplittableRandom(seed);
    long window = (random.nextDouble() < LONG_SHARE ? 4000 : 900) * MS;
    List<String> topics = topics(robot);
    List<Strike> strikes = new ArrayList<>();
    long end = FIRST_NANOS;
    int count = 1 + random.nextInt(MOST_STRIKES);
    for (int i = 0; i < count; i++) {
      FaultKind kind = KINDS.get(random.nextInt(KINDS.size()));
      long from = FIRST_NANOS + random.nextLong(window);
      long until = from + 5 * MS + (long) (window * Math.pow(random.nextDouble(), 2));
      String topic = topics.get(random.nextInt(topics.size()));
      strikes.add(new Strike(kind, topic, from, until, random.nextDouble()));
      end = Math.max(end, until);
    }
    return new FaultPlan(
        random.nextLong(),
        List.copyOf(strikes),
        end,
        random.nextDouble() < OPERATOR_SHARE,
        random.nextDouble() < FULL_DISK_SHARE);
  }

  /** When the last message of a fault has arrived, and the policy has the hand rest. */
  long calmNanos() {
    return faultsEndNanos + SETTLING_NANOS;
  }

  /** The first of that kind that is going on. */
  Optional<Strike> striking(FaultKind kind, long nanos) {
    for (Strike strike : strikes) {
      if (strike.kind() == kind && strike.at(nanos)) {
        return Optional.of(strike);
      }
    }
    return Optional.empty();
  }

  boolean strikes(FaultKind kind, long nanos) {
    return striking(kind, nanos).isPresent();
  }

  private static List<String> topics(Robot robot) {
    Stream<String> joints =
        robot.groups().stream()
            .flatMap(group -> Stream.of(group.states(), group.command().topic()));
    Stream<String> objects =
        robot.objects().isEmpty() ? Stream.empty() : Stream.of(robot.topics().objects());
    return Stream.concat(joints, objects).toList();
  }
}
