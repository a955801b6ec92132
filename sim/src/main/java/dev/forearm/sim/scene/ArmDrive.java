package dev.forearm.sim.scene;

import dev.forearm.sim.gap.Gap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The robot's own controller of some of its joints: follows the newest position command or
 * trajectory, and where commands stop for longer than {@link #TIMEOUT_NANOS} holds the joints where
 * they then are. The gap's latency, gains and biases act here, between what is commanded and what
 * the servos are told. Called by the thread that steps the scene; allocates nothing.
 */
public final class ArmDrive {
  /** Without a command for this long, the joints are held. */
  public static final long TIMEOUT_NANOS = 100_000_000;

  private static final int QUEUE = 256; // commands under way: 200 ms of latency at 1 kHz and more

  private enum Mode {
    HOLD,
    POSITIONS,
    TRAJECTORY
  }

  private final Servos servos;
  private final List<String> names;
  private final long latencyNanos;
  private final int[] places; // of the joints among the servos
  private final int joints;
  private final double[] target;
  private final double[][] queued;
  private final long[] queuedNanos = new long[QUEUE];
  private long head;
  private long tail;
  private Mode mode = Mode.HOLD;
  private long lastCommandNanos;
  private @Nullable Trajectory trajectory;
  private @Nullable Trajectory waiting;
  private long waitingUntilNanos;

  /**
   * Drives joints of the table-top arm.
   *
   * @param driven names of the joints, in the order of commands
   */
  public ArmDrive(Tabletop scene, Gap gap, Disturbance disturbance, List<String> driven) {
    this(
        new GappedServos(scene, gap, disturbance),
        driven.stream().mapToInt(Tabletop.JOINTS::indexOf).toArray(),
        driven,
        gap.latencyNanos());
  }

  /**
   * Drives joints of any arm.
   *
   * @param places of the joints among the servos, in the order of commands
   * @param driven their names, for messages
   */
  public ArmDrive(Servos servos, int[] places, List<String> driven) {
    this(servos, places, driven, 0);
  }

  private ArmDrive(Servos servos, int[] places, List<String> driven, long latencyNanos) {
    this.servos = servos;
    this.places = places.clone();
    names = List.copyOf(driven);
    this.latencyNanos = latencyNanos;
    joints = places.length;
    target = new double[joints];
    queued = new double[QUEUE][joints];
    hold();
  }

  /** Forgets every command and holds the joints where they are. Call after the scene was reset. */
  public void reset(long seed) {
    servos.reset(seed);
    stop();
  }

  /** Forgets every command and holds the joints where they are. */
  public void stop() {
    head = tail;
    waiting = null;
    hold();
  }

  /**
   * Takes a command; it acts once the gap's latency has passed.
   *
   * @param positions command order, rad or m; copied
   * @throws IllegalArgumentException if a position is not finite
   */
  public void command(double[] positions, long nowNanos) {
    for (int i = 0; i < joints; i++) {
      if (!Double.isFinite(positions[i])) {
        throw new IllegalArgumentException(
            "command for %s is %s; wanted a finite position".formatted(names.get(i), positions[i]));
      }
    }
    if (tail - head == QUEUE) {
      head++; // more than a thousand commands a second: the oldest would be overtaken anyway
    }
    waiting = null;
    int slot = (int) (tail++ % QUEUE);
    System.arraycopy(positions, 0, queued[slot], 0, joints);
    queuedNanos[slot] = nowNanos;
  }

  /**
   * Takes a trajectory. From its start on it replaces what is being followed then, if nothing newer
   * came before.
   *
   * @param startNanos when its time begins; it may have begun
   */
  public void follow(Trajectory next, long startNanos, long nowNanos) {
    waiting = next;
    waitingUntilNanos = startNanos;
    beginDue(nowNanos);
  }

  /** Tells the servos what to do in the coming physics step. */
  public void update(long nowNanos) {
    takeDue(nowNanos);
    beginDue(nowNanos);
    servos.beginStep();
    switch (mode) {
      case HOLD -> {
        tellExactly();
        return;
      }
      case POSITIONS -> {
        if (nowNanos - lastCommandNanos > TIMEOUT_NANOS) {
          hold();
          tellExactly();
          return;
        }
      }
      case TRAJECTORY -> {
        if (trajectory != null) {
          trajectory.sample(nowNanos, target);
        }
      }
    }
    tellAsCommanded();
  }

  /** Where a joint is, by its place in the order of commands; rad or m. */
  public double position(int joint) {
    return servos.jointPosition(places[joint]);
  }

  /** Whether no command is being followed. */
  public boolean holding() {
    return mode == Mode.HOLD;
  }

  private void takeDue(long nowNanos) {
    while (head < tail && nowNanos - queuedNanos[(int) (head % QUEUE)] >= latencyNanos) {
      int slot = (int) (head++ % QUEUE);
      System.arraycopy(queued[slot], 0, target, 0, joints);
      lastCommandNanos = queuedNanos[slot] + latencyNanos;
      mode = Mode.POSITIONS;
    }
  }

  private void beginDue(long nowNanos) {
    Trajectory next = waiting;
    if (next != null && nowNanos >= waitingUntilNanos) {
      head = tail;
      next.begin(target, waitingUntilNanos, nowNanos);
      trajectory = next;
      waiting = null;
      mode = Mode.TRAJECTORY;
    }
  }

  private void hold() {
    mode = Mode.HOLD;
    for (int i = 0; i < joints; i++) {
      target[i] = servos.jointPosition(places[i]);
    }
  }

  private void tellExactly() {
    for (int i = 0; i < joints; i++) {
      servos.hold(places[i], target[i]);
    }
  }

  private void tellAsCommanded() {
    for (int i = 0; i < joints; i++) {
      servos.follow(places[i], target[i]);
    }
  }
}
