package dev.forearm.launch.faults;

import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.inference.PolicyLoop;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Plays one plan: the product's session, on one thread and a simulated clock, around an arm that
 * exists nowhere. Cycles, plans, measurements and messages each come at a time of their own, which
 * the plan may move. Afterwards the arm is given time to be well again, and is let go.
 */
final class FaultEpisode {
  private static final long NEVER = Long.MAX_VALUE;
  private static final long MS = 1_000_000;

  /** Joint states of a new publisher are disputed for a second; then the arm has to run again. */
  private static final long RECOVERY_NANOS = 1200 * MS;

  /** Of a question that was lost, and of a goal that is not over: a second each. */
  private static final long GOALS_NANOS = 4000 * MS;

  private static final double THERE = 2e-3; // m: more than what is not worth a goal
  private static final long LET_GO_NANOS = 3000 * MS;
  private static final long LONGEST_LEAP_NANOS = 400 * MS;
  private static final long LATEST_NANOS = 15 * MS;
  private static final long LONGEST_INFERENCE_NANOS = 700 * MS;

  private final long number;
  private final Robot robot;
  private final FaultPlan plan;
  private final SimulatedClock clock = new SimulatedClock();
  private final SplittableRandom random;
  private final Judges judges;
  private final Conduct conduct;
  private final FaultyTransport transport;
  private final FaultyArm arm;
  private final RobotSession session;
  private final ControlLoop control;
  private final Mind other;
  private final boolean withBundle;
  private final Set<Strike> struck = new HashSet<>();

  private long armNanos;
  private long policyNanos;
  private long publishNanos = NEVER;
  private long controlNanos;
  private long deadlineNanos;

  /**
   * @param start where the arm is in the beginning, rad or m
   * @param bundle what plans; empty: a policy that errs as planned. It stays the caller's
   * @param folder for a recording that fails
   */
  FaultEpisode(
      long number,
      Robot robot,
      FaultPlan plan,
      double[] start,
      Optional<Mind> bundle,
      Path folder) {
    this.number = number;
    this.robot = robot;
    this.plan = plan;
    random = new SplittableRandom(plan.seed() + 2);
    judges = Judges.of(robot);
    conduct = judges.conduct();
    transport = new FaultyTransport(clock, plan);
    arm = new FaultyArm(robot, transport, plan, clock, start);
    other = mind(start, 1);
    withBundle = bundle.isPresent();
    session =
        new RobotSession(
            robot,
            bundle.orElseGet(() -> mind(start, 0)),
            transport,
            clock,
            plan.fullDisk() ? Optional.of(fullDisk(folder)) : Optional.empty(),
            judges.tap(),
            RuntimeTap.NONE);
    control = session.control();
    controlNanos = robot.controlPeriodNanos();
    armNanos = robot.controlPeriodNanos() / 2;
    policyNanos = robot.policyPeriodNanos();
  }

  Verdict play() {
    boolean hung = false;
    try (arm;
        session) {
      if (plan.fullDisk()) {
        session.begin(
            new EpisodeInfo("faults", "none", number, robot.name(), "erratic", "", Map.of()));
      }
      runUntil(FaultPlan.ENGAGED_NANOS);
      control.engage();
      runUntil(plan.faultsEndNanos());
      recover();
      hung = !letGo();
      if (plan.fullDisk()) {
        session.end(EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "with faults"));
      }
    }
    return Verdict.of(number, judges, hung, timeline());
  }

  /** An operator looks after a fault and engages again; then the arm has to run. */
  private void recover() {
    runUntil(Math.max(clock.nanos(), plan.calmNanos()));
    while (conduct.state() == SafetyState.RAMP_DOWN) {
      runUntil(clock.nanos() + robot.controlPeriodNanos());
    }
    if (plan.operator()) {
      conduct.reset();
      control.eStop(false);
      control.reset();
      runUntil(clock.nanos() + 50 * MS);
      control.engage();
    }
    runUntil(clock.nanos() + RECOVERY_NANOS);
    boolean mustRun =
        plan.operator() || (robot.resumesByItself() && conduct.state() != SafetyState.FAULT);
    if (mustRun && conduct.state() != SafetyState.RUN && !refusesItsPolicy()) {
      conduct.wrong(
          clock.nanos(),
          "still %s (%s), all being well again".formatted(conduct.state(), conduct.reason()));
    }
    awaitGoals();
  }

  /** What takes goals is slower than its commands, but gets where they rest. */
  private void awaitGoals() {
    long end = clock.nanos() + GOALS_NANOS;
    while (conduct.state() == SafetyState.RUN && !goalsAreReached() && clock.nanos() < end) {
      runUntil(clock.nanos() + robot.controlPeriodNanos());
    }
    if (conduct.state() == SafetyState.RUN && !goalsAreReached()) {
      conduct.wrong(clock.nanos(), "a goal was not reached, all being well again");
    }
  }

  private boolean goalsAreReached() {
    double[] command = control.board().snapshot().command();
    return robot.groups().stream()
        .filter(group -> group.command() instanceof CommandRoute.Goals)
        .flatMapToInt(group -> Arrays.stream(robot.places(group)))
        .allMatch(joint -> Math.abs(arm.position(joint) - command[joint]) < THERE);
  }

  /** A bundle that has not learned of this world may be refused for what it wants. */
  private boolean refusesItsPolicy() {
    return switch (conduct.reason()) {
      case ACTION_OUT_OF_RANGE, FORESIGHT -> withBundle;
      default -> false;
    };
  }

  private boolean letGo() {
    control.disengage();
    long end = clock.nanos() + LET_GO_NANOS;
    while (conduct.state().commands() && clock.nanos() < end) {
      runUntil(clock.nanos() + robot.controlPeriodNanos());
    }
    return !conduct.state().commands();
  }

  private void runUntil(long end) {
    while (true) {
      long next =
          Math.min(
              Math.min(armNanos, controlNanos),
              Math.min(Math.min(policyNanos, publishNanos), transport.nextNanos()));
      if (next > end) {
        clock.advance(Math.max(0, end - clock.nanos()));
        return;
      }
      clock.advance(Math.max(0, next - clock.nanos()));
      turn(clock.nanos());
    }
  }

  private void turn(long now) {
    begin(now);
    transport.deliver(now);
    if (now >= armNanos) {
      arm.step(now);
      armNanos = after(armNanos, robot.controlPeriodNanos(), now);
    }
    if (now >= publishNanos) {
      session.policyLoop().publish();
      publishNanos = NEVER;
    }
    if (now >= policyNanos) {
      plan(now);
    }
    if (now >= controlNanos) {
      cycle(now);
    }
  }

  /** What happens once, at a fault's beginning or end. */
  private void begin(long now) {
    for (Strike strike : plan.strikes()) {
      if (now >= strike.fromNanos() && struck.add(strike)) {
        switch (strike.kind()) {
          case CLOCK_LEAP -> clock.advance((long) (strike.strength() * LONGEST_LEAP_NANOS));
          case SWAP -> session.policyLoop().install(session.fit(other));
          case E_STOP -> control.eStop(true);
          case AGENT_ENDS -> control.fail("an agent, as planned");
          default -> {}
        }
      }
    }
  }

  private void plan(long now) {
    PolicyLoop policy = session.policyLoop();
    policyNanos = after(policyNanos, robot.policyPeriodNanos(), now);
    if (publishNanos != NEVER) {
      return; // the plan before takes its time
    }
    policy.plan(now);
    long takes =
        plan.striking(FaultKind.SLOW_INFERENCE, now)
            .map(strike -> (long) (strike.strength() * LONGEST_INFERENCE_NANOS))
            .orElse(random.nextLong(20 * MS));
    publishNanos = now + takes;
  }

  private void cycle(long now) {
    control.tick(now);
    int _ = session.bridge().commands().doWork(now);
    session.bridge().goals().ifPresent(goals -> goals.doWork(now));
    session.recorder().ifPresent(EpisodeRecorder::drain);
    lookForBlindness(now);
    deadlineNanos =
        after(
            Math.max(deadlineNanos, now - robot.controlPeriodNanos()),
            robot.controlPeriodNanos(),
            now);
    long late =
        plan.strikes(FaultKind.LATE_CYCLES, now) && random.nextInt(4) == 0
            ? random.nextLong(LATEST_NANOS)
            : random.nextLong(robot.controlPeriodNanos() / 20);
    controlNanos = deadlineNanos + late;
  }

  /** The first time in a row that is later than now: what has passed is skipped. */
  private static long after(long time, long period, long now) {
    return time + period * Math.max(1, Math.floorDiv(now - time, period) + 1);
  }

  private void lookForBlindness(long now) {
    if (conduct.state() != SafetyState.RUN) {
      return;
    }
    for (JointGroup group : robot.groups()) {
      long blind = now - transport.deliveredNanos(group.states());
      if (blind > robot.statesTimeoutNanos(group)) {
        conduct.wrong(now, "runs without joint states for " + blind + " ns");
      }
    }
  }

  private Mind mind(double[] start, int which) {
    return new Mind(
        new ErraticPolicy(robot, plan, start, which), new float[0], "erratic", "none", "");
  }

  private static RecorderSettings fullDisk(Path folder) {
    RecorderSettings usual = RecorderSettings.lockstep(folder);
    return new RecorderSettings(
        usual.folder(),
        usual.wallTime(),
        usual.flushNanos(),
        4096,
        usual.syncNanos(),
        Long.MAX_VALUE,
        usual.zstdLevel());
  }

  private List<String> timeline() {
    List<String> told = new ArrayList<>();
    for (Strike strike : plan.strikes()) {
      told.add(
          String.format(
              Locale.ROOT,
              "%s on %s from %.4f s to %.4f s, strength %.2f",
              strike.kind(),
              strike.topic(),
              strike.fromNanos() * 1e-9,
              strike.untilNanos() * 1e-9,
              strike.strength()));
    }
    told.addAll(conduct.timeline());
    return told;
  }
}
