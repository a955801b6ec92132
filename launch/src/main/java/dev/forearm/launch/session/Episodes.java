package dev.forearm.launch.session;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeOutcome.Result;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.safety.SafetyState;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Plays episodes of one simulated task in one session, one after the other. */
public final class Episodes {
  private static final long SECOND = 1_000_000_000L;
  private static final long REST_NANOS = 5 * SECOND;
  private static final long HOLD_NANOS = SECOND;
  private static final long APPEAR_NANOS = 20 * SECOND;
  private static final long RESET_NANOS = 2 * SECOND;
  private static final int RESETS = 5;
  private static final long LIMIT_NANOS = 120 * SECOND; // a backstop: the simulator times out first

  private final RobotSession session;
  private final Drive drive;
  private final SimulatedTask simulated;
  private final Supplier<Mind> mind;
  private final String task;
  private final BooleanSupplier lost;
  private final StepTap steps;

  /**
   * @param mind what drives when an episode begins
   * @param lost whether the simulator is gone; looked at while an episode runs
   */
  public Episodes(
      RobotSession session,
      Drive drive,
      SimulatedTask simulated,
      Supplier<Mind> mind,
      String task,
      BooleanSupplier lost) {
    this(session, drive, simulated, mind, task, lost, new StepTap(session.robot(), simulated));
  }

  /**
   * @param steps one of the session's taps
   */
  Episodes(
      RobotSession session,
      Drive drive,
      SimulatedTask simulated,
      Supplier<Mind> mind,
      String task,
      BooleanSupplier lost,
      StepTap steps) {
    this.session = session;
    this.drive = drive;
    this.simulated = simulated;
    this.mind = mind;
    this.task = task;
    this.lost = lost;
    this.steps = steps;
  }

  /**
   * Plays one episode to its end.
   *
   * @param seed of the start state
   * @param limitNanos after which the episode is given up, on the session's clock
   * @throws LaunchFailure if no simulator takes the reset
   */
  public EpisodeResult play(long seed, long limitNanos) {
    return play(seed, limitNanos, EpisodeHooks.NONE);
  }

  /**
   * Plays one episode to its end, with hooks.
   *
   * @see #play(long, long)
   */
  EpisodeResult play(long seed, long limitNanos, EpisodeHooks hooks) {
    rest();
    long number = reset(seed);
    begin(seed);
    session.policyLoop().requestReset(); // in the recording: a replay starts with it
    steps.begin(hooks.listener(), seed);
    long started = session.clock().nanos();
    Patience patience = new Patience(hooks.patienceSeconds(), started);
    session.control().engage();
    drive.runUntil(
        () -> over(number) || lost.getAsBoolean() || isLost(patience) || steps.hasFailed(),
        Math.min(limitNanos, LIMIT_NANOS));
    boolean gaveUp = isLost(patience);
    if (state().success()) {
      drive.runUntil(lost, (long) (hooks.tailSeconds() * SECOND));
    }
    if (lost.getAsBoolean()) {
      awaitHold();
    }
    double seconds = (session.clock().nanos() - started) * 1e-9;
    EpisodeOutcome outcome = outcome(gaveUp);
    steps.end();
    session.control().disengage();
    TaskState last = state();
    Optional<EpisodeReport> recording = session.end(outcome);
    return new EpisodeResult(
        seed,
        outcome.result(),
        outcome.detail(),
        last.stage(),
        last.stages(),
        last.attempts(),
        seconds,
        recording);
  }

  /** Waits until the arm is let go, so that a reset moves no arm that is being commanded. */
  private void rest() {
    session.control().disengage();
    boolean rests =
        drive.runUntil(
            () -> session.control().board().snapshot().state() == SafetyState.IDLE, REST_NANOS);
    if (!rests) {
      ControlSnapshot now = session.control().board().snapshot();
      throw new LaunchFailure(
          "episode: the arm is still in %s after %s s (%s); see the messages above"
              .formatted(now.state(), REST_NANOS / SECOND, now.reason().meaning()));
    }
  }

  /** A simulator that is gone is not answered by letting go: the watchdog is to see it and hold. */
  private void awaitHold() {
    drive.runUntil(
        () -> session.control().board().snapshot().state() != SafetyState.RUN, HOLD_NANOS);
  }

  private long reset(long seed) {
    boolean there =
        drive.runUntil(() -> simulated.present() && simulated.state().isPresent(), APPEAR_NANOS);
    if (!there) {
      throw new LaunchFailure(
          "episode: no simulator listens on /sim/reset after %s s; start './forearm sim' in the same ROS_DOMAIN_ID"
              .formatted(APPEAR_NANOS / SECOND));
    }
    long before = simulated.state().map(TaskState::episode).orElse(-1L);
    for (int attempt = 0; attempt < RESETS; attempt++) {
      simulated.reset(task, seed);
      if (drive.runUntil(() -> isFresh(seed, before), RESET_NANOS)) {
        return state().episode();
      }
    }
    throw new LaunchFailure(
        "episode: the simulator did not begin task '%s' with seed %s after %s requests, it says %s"
            .formatted(
                task, seed, RESETS, simulated.state().map(Object::toString).orElse("nothing")));
  }

  private boolean isFresh(long seed, long before) {
    return simulated
        .state()
        .filter(s -> s.seed() == seed && s.task().equals(task) && s.episode() != before)
        .isPresent();
  }

  private boolean over(long number) {
    return simulated.state().filter(s -> s.over() || s.episode() != number).isPresent();
  }

  private boolean isLost(Patience patience) {
    return patience.isLost(state().stage(), session.clock().nanos());
  }

  private void begin(long seed) {
    Mind now = mind.get();
    session.begin(
        new EpisodeInfo(
            "%s-%s-%s".formatted(task, now.name(), seed),
            task,
            seed,
            session.robot().name(),
            now.name(),
            now.sha256(),
            now.notes()));
  }

  private EpisodeOutcome outcome(boolean gaveUp) {
    TaskState last = state();
    Optional<AgentFailure> failure = drive.failure();
    String stages = "%s of %s stages".formatted(last.stage(), last.stages());
    Map<String, String> values =
        Map.of("stage", Integer.toString(last.stage()), "stages", Integer.toString(last.stages()));
    if (failure.isPresent()) {
      return new EpisodeOutcome(Result.ABORTED, failure.get() + "; " + stages, values);
    }
    if (last.success()) {
      return new EpisodeOutcome(Result.SUCCESS, stages, values);
    }
    if (last.timedOut()) {
      return new EpisodeOutcome(Result.TIMEOUT, stages, values);
    }
    if (gaveUp) {
      return new EpisodeOutcome(Result.GAVE_UP, "no further than " + stages, values);
    }
    ControlSnapshot now = session.control().board().snapshot();
    return new EpisodeOutcome(
        Result.ABORTED,
        "%s%s; the arm is in %s: %s"
            .formatted(
                lost.getAsBoolean() ? "the simulator is gone, " : "",
                stages,
                now.state(),
                now.reason().meaning()),
        values);
  }

  private TaskState state() {
    return simulated.known();
  }
}
