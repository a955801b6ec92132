package dev.forearm.sim.task;

import dev.forearm.sim.scene.Tabletop;

/**
 * Judges one episode from the scene's true state. A stage once reached counts, and success or a
 * timeout stands until the next reset. Called after every physics step; allocates nothing.
 */
public final class TaskMonitor {
  private static final int RED = Tabletop.OBJECTS.indexOf("red_cube");
  private static final int BLUE = Tabletop.OBJECTS.indexOf("blue_cube");
  private static final int LEFT_BIN = Tabletop.OBJECTS.indexOf("left_bin");
  private static final int RIGHT_BIN = Tabletop.OBJECTS.indexOf("right_bin");

  private static final int FINGER = Tabletop.JOINTS.size() - 1;

  private static final double CUBE_HALF_EDGE = 0.02; // m
  private static final double GRASPED_ABOVE = 0.01; // m between cube and table
  private static final double LIFTED_ABOVE = 0.10; // m between cube and table
  private static final double LIFTED_FOR = 0.25; // s
  private static final double CARRIED_ABOVE = 0.05; // m between cube and table
  private static final double FINGERS_OFF =
      0.03; // m, one finger's opening: wider than a cube on edge
  private static final double FINGERS_OPEN = 0.035; // m, one finger's opening: ready to grasp
  private static final double REACH = 0.15; // m between grasp point and the cube meant
  private static final double HAND_AWAY = 0.06; // m between grasp point and the cube's centre
  private static final double BIN_HALF_WIDTH = 0.075; // m, inside
  private static final double BIN_CUBE_HEIGHT_MAX = 0.045; // m of the cube's centre
  private static final double PRESSED_TRAVEL = 0.008; // m

  private final Tabletop scene;
  private Task task = Task.LIFT;
  private int stage;
  private long steps;
  private long liftedSteps;
  private boolean timedOut;
  private int[] attempts = new int[task.lifts().size()]; // by the task's lifts
  private boolean open; // the fingers, since they last closed
  private long changes;

  public TaskMonitor(Tabletop scene) {
    this.scene = scene;
  }

  /** Begins to judge a fresh episode. */
  public void reset(Task next) {
    task = next;
    stage = 0;
    steps = 0;
    liftedSteps = 0;
    timedOut = false;
    attempts = new int[next.lifts().size()];
    open = false;
    changes++;
  }

  /** Judges the state after one physics step. */
  public void update() {
    if (succeeded() || timedOut) {
      return;
    }
    steps++;
    watchFingers();
    int reached =
        switch (task) {
          case LIFT -> liftStage();
          case TIDY -> tidyStage();
        };
    if (reached > stage) {
      stage = reached;
      changes++;
    }
    timedOut = !succeeded() && seconds() >= task.limitSeconds();
    changes += timedOut ? 1 : 0;
  }

  public Task task() {
    return task;
  }

  /** Stages done: the index of the running one in {@link Task#stages()}, or their number. */
  public int stage() {
    return stage;
  }

  /** What remains to be done in the running stage, or {@code done}. */
  public String stageName() {
    return succeeded() ? "done" : task.stages().get(stage);
  }

  public boolean succeeded() {
    return stage == task.stages().size();
  }

  public boolean timedOut() {
    return timedOut;
  }

  /**
   * How often the fingers closed at one of {@link Task#lifts()} before it was lifted: from open to
   * no wider than a cube on edge, with that cube the nearest of those yet to be lifted and within
   * 0.15 m of the grasp point, so that a hand which closes too high has tried as well.
   */
  public int attempts(int lift) {
    return attempts[lift];
  }

  /** Grows whenever anything of this does but the time. */
  public long changes() {
    return changes;
  }

  /** Simulated time since the reset, or until success or timeout; s. */
  public double seconds() {
    return steps * Tabletop.STEP_NANOS * 1e-9;
  }

  private void watchFingers() {
    double opening = scene.jointPosition(FINGER);
    if (opening > FINGERS_OPEN) {
      open = true;
    } else if (open && opening <= FINGERS_OFF) {
      open = false;
      int lift = nearestLift();
      if (lift >= 0) {
        attempts[lift]++;
        changes++;
      }
    }
  }

  /** Of those yet to be done, within reach; -1 if there is none. */
  private int nearestLift() {
    int nearest = -1;
    double best = REACH * REACH;
    for (int i = 0; i < attempts.length; i++) {
      Task.Lift lift = task.lifts().get(i);
      double away = awaySquared(Tabletop.OBJECTS.indexOf(lift.cube()));
      if (stage < lift.stages() && away <= best) {
        nearest = i;
        best = away;
      }
    }
    return nearest;
  }

  private int liftStage() {
    double clearance = scene.object(RED, 2) - CUBE_HALF_EDGE;
    liftedSteps = clearance >= LIFTED_ABOVE ? liftedSteps + 1 : 0;
    if (liftedSteps * Tabletop.STEP_NANOS * 1e-9 >= LIFTED_FOR) {
      return 2;
    }
    return clearance >= GRASPED_ABOVE ? 1 : 0;
  }

  /** The furthest stage that the scene shows, whether or not those before it were seen. */
  private int tidyStage() {
    if (!isIn(RED, LEFT_BIN)) {
      return isCarriedUp(RED) ? 1 : 0;
    }
    if (!isIn(BLUE, RIGHT_BIN)) {
      return isCarriedUp(BLUE) ? 4 : isFree(RED) ? 3 : 2;
    }
    if (scene.buttonTravel() >= PRESSED_TRAVEL) {
      return 7;
    }
    return isFree(BLUE) ? 6 : 5;
  }

  private boolean isCarriedUp(int cube) {
    return scene.object(cube, 2) - CUBE_HALF_EDGE >= CARRIED_ABOVE;
  }

  /** Whether the fingers cannot be on a cube. */
  private boolean isFree(int cube) {
    return scene.jointPosition(FINGER) > FINGERS_OFF || awaySquared(cube) > HAND_AWAY * HAND_AWAY;
  }

  /** Of the grasp point from the cube's centre, m². */
  private double awaySquared(int cube) {
    double[] tool = scene.toolPose();
    double x = tool[0] - scene.object(cube, 0);
    double y = tool[1] - scene.object(cube, 1);
    double z = tool[2] - scene.object(cube, 2);
    return x * x + y * y + z * z;
  }

  private boolean isIn(int cube, int bin) {
    return Math.abs(scene.object(cube, 0) - scene.object(bin, 0)) < BIN_HALF_WIDTH
        && Math.abs(scene.object(cube, 1) - scene.object(bin, 1)) < BIN_HALF_WIDTH
        && scene.object(cube, 2) < BIN_CUBE_HEIGHT_MAX;
  }
}
