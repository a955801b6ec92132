package dev.forearm.runtime.policy;

import dev.forearm.runtime.robot.Robot;

/**
 * Has the arm do one {@link Maneuver} after another as somebody asks for them, and otherwise stay
 * where it is. Asked by one thread, called by the inference thread; allocates nothing per plan.
 */
public final class ManeuverPolicy implements Policy {
  private static final int CHUNK_STEPS = 16;
  private static final Driver DRIVER = new Driver.Expert();

  private final PolicySpec spec;
  private final float[] start;
  private volatile Ask asked = new Ask(0, new Maneuver.Stay());
  private volatile long played; // number of the last that is over
  private volatile long untilNanos = Long.MAX_VALUE;
  private Ask current = asked;
  private double seconds;
  private long plans; // of the current one

  /** A maneuver, numbered as they are asked for. */
  private record Ask(long number, Maneuver maneuver) {}

  public ManeuverPolicy(Robot robot) {
    start = new float[robot.jointCount()];
    spec = PolicySpec.ofOwnMotion(robot, CHUNK_STEPS);
  }

  /** Begins a maneuver with the next plan, from where the arm is then. One thread asks. */
  public void begin(Maneuver next) {
    begin(next, Long.MAX_VALUE);
  }

  /**
   * Begins a maneuver that somebody has to keep going: after its time the arm stays where it is,
   * whatever became of who asked.
   *
   * @param untilNanos on the clock of observations
   */
  public void begin(Maneuver next, long untilNanos) {
    this.untilNanos = untilNanos;
    asked = new Ask(asked.number + 1, next);
  }

  /** Keeps the maneuver under way going until then. The thread that asked for it. */
  public void keepGoing(long untilNanos) {
    this.untilNanos = untilNanos;
  }

  /** Whether what was asked for last is over. Any thread. */
  public boolean through() {
    return played == asked.number;
  }

  @Override
  public PolicySpec spec() {
    return spec;
  }

  @Override
  public void reset() {
    current = new Ask(current.number, new Maneuver.Stay());
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    Ask newest = asked;
    if (newest.number != current.number) {
      current = newest;
      plans = 0;
    }
    if (observation.stampNanos() > untilNanos) {
      reset();
    }
    if (plans == 0 || current.maneuver instanceof Maneuver.Stay) {
      System.arraycopy(observation.values(), 0, start, 0, start.length);
      seconds = current.maneuver.seconds(start);
    }
    plan.imagines(false);
    plan.driver(DRIVER);
    double[] actions = plan.actions();
    for (int i = 0; i < actions.length; i++) {
      actions[i] = action(i / start.length, i % start.length);
    }
    plans++;
    if (plans * spec.periodNanos() * 1e-9 >= seconds) {
      played = current.number;
    }
  }

  private double action(int step, int joint) {
    double at = Math.min(seconds, (plans + step + 1) * spec.periodNanos() * 1e-9);
    return current.maneuver.at(joint, start[joint], seconds == 0 ? 1 : at / seconds, at);
  }
}
