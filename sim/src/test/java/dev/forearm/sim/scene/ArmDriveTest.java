package dev.forearm.sim.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.sim.gap.Gap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ArmDriveTest {
  private static final int JOINTS = Tabletop.JOINTS.size();

  private final Tabletop scene = new Tabletop(Gap.none());
  private final double[] start = new double[JOINTS];
  private ArmDrive drive = new ArmDrive(scene, Gap.none(), Disturbance.NONE, Tabletop.JOINTS);
  private long now;

  @BeforeEach
  void reset() {
    scene.reset(5);
    drive.reset(5);
    for (int j = 0; j < JOINTS; j++) {
      start[j] = scene.jointPosition(j);
    }
  }

  @AfterEach
  void close() {
    scene.close();
  }

  @Test
  void theArmGoesWhereItIsCommanded() {
    double[] command = start.clone();
    command[1] += 0.1;
    command[7] = 0.01;
    run(500, command);
    assertEquals(start[1] + 0.1, scene.jointPosition(1), 1e-3);
    assertEquals(0.01, scene.jointPosition(7), 1e-3);
    assertEquals(0.01, scene.jointPosition(8), 1e-3, "the other finger follows");
    assertFalse(drive.holding());
  }

  @Test
  void whenCommandsStopTheArmHoldsWhereItThenIs() {
    double[] command = start.clone();
    for (int i = 0; i < 400; i++) {
      command[0] += 0.0005;
      run(1, command);
    }
    idle(100);
    assertFalse(drive.holding());
    idle(1);
    assertTrue(drive.holding());
    double held = scene.jointPosition(0);
    assertEquals(start[0] + 0.2, held, 0.01);
    idle(1000);
    assertEquals(held, scene.jointPosition(0), 1e-3);
  }

  @Test
  void aTrajectoryIsFollowedThroughItsPointsAndItsEndIsHeld() {
    double[] half = start.clone();
    half[0] += 0.1;
    double[] end = start.clone();
    end[0] += 0.3;
    drive.follow(trajectory(new double[] {0.5, 1.0}, new double[][] {half, end}), now, now);
    idle(500);
    assertEquals(start[0] + 0.1, scene.jointPosition(0), 0.01);
    idle(2000);
    assertEquals(start[0] + 0.3, scene.jointPosition(0), 1e-3);
    assertFalse(drive.holding());
  }

  @Test
  void aTrajectoryWithVelocitiesIsCubic() {
    double[] end = start.clone();
    end[0] += 0.2;
    Trajectory trajectory =
        new Trajectory(
            new double[] {1.0}, new double[][] {end}, new double[][] {new double[JOINTS]}, JOINTS);
    trajectory.begin(start, 0, 0);
    double[] at = new double[JOINTS];
    trajectory.sample(250_000_000, at);
    assertEquals(start[0] + 0.2 * (3 * 0.0625 - 2 * 0.015625), at[0], 1e-12);
    trajectory.sample(500_000_000, at);
    assertEquals(start[0] + 0.1, at[0], 1e-12);
  }

  @Test
  void whatCannotBeFollowedIsRefused() {
    double[] bad = start.clone();
    bad[3] = Double.NaN;
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> drive.command(bad, now));
    assertTrue(String.valueOf(refused.getMessage()).contains("panda_joint4 is NaN"));
    double[][] points = {start.clone(), start.clone()};
    assertThrows(IllegalArgumentException.class, () -> trajectory(new double[] {1, 1}, points));
    assertThrows(
        IllegalArgumentException.class,
        () -> trajectory(new double[] {1, 2}, new double[][] {bad, bad}));
  }

  @Test
  void whereOnlyOnePointHasAVelocityTheWayBetweenIsLinear() {
    double[] end = start.clone();
    end[0] += 0.2;
    Trajectory trajectory =
        new Trajectory(
            new double[] {1, 2},
            new double[][] {start, end},
            new double[][] {new double[JOINTS], {}},
            JOINTS);
    trajectory.begin(start, 0, 0);
    double[] at = new double[JOINTS];
    trajectory.sample(1_250_000_000, at);
    assertEquals(start[0] + 0.05, at[0], 1e-12);
  }

  @Test
  void aTrajectoryStampedLaterWaitsAndWhatIsFollowedGoesOn() {
    double[] first = start.clone();
    first[0] += 0.1;
    double[] second = start.clone();
    second[0] -= 0.1;
    drive.follow(trajectory(new double[] {0.5}, new double[][] {first}), now, now);
    drive.follow(
        trajectory(new double[] {0.5}, new double[][] {second}), now + 2_000_000_000L, now);
    idle(1500);
    assertEquals(start[0] + 0.1, scene.jointPosition(0), 1e-3);
    idle(1500);
    assertEquals(start[0] - 0.1, scene.jointPosition(0), 1e-3);
  }

  @Test
  void aTrajectoryStampedEarlierIsCaughtUpWith() {
    double[] half = start.clone();
    half[0] += 0.1;
    double[] end = start.clone();
    end[0] += 0.3;
    Trajectory trajectory = trajectory(new double[] {0.5, 1}, new double[][] {half, end});
    trajectory.begin(start, 0, 250_000_000);
    double[] at = new double[JOINTS];
    trajectory.sample(250_000_000, at);
    assertEquals(start[0], at[0], 1e-12);
    trajectory.sample(375_000_000, at);
    assertEquals(start[0] + 0.05, at[0], 1e-12);
    trajectory.sample(750_000_000, at);
    assertEquals(start[0] + 0.2, at[0], 1e-12);
  }

  private static Trajectory trajectory(double[] times, double[][] positions) {
    return new Trajectory(times, positions, new double[times.length][0], JOINTS);
  }

  @Test
  void latencyDelaysACommand() {
    Gap gap = Gap.standard();
    drive = new ArmDrive(scene, gap, Disturbance.NONE, Tabletop.JOINTS);
    drive.command(start.clone(), now);
    idle((int) (gap.latencyNanos() / Tabletop.STEP_NANOS));
    assertTrue(drive.holding());
    idle(1);
    assertFalse(drive.holding());
  }

  @Test
  void gainAndBiasActBetweenCommandAndServo() {
    Gap gap = Gap.standard();
    drive = new ArmDrive(scene, gap, Disturbance.NONE, Tabletop.JOINTS);
    double[] command = start.clone();
    run(1500, command);
    for (int j = 0; j < 7; j++) {
      double home = Tabletop.home(j);
      double wanted = home + gap.gain().get(j) * (start[j] - home) + gap.bias().get(j);
      assertEquals(wanted, scene.jointPosition(j), 2e-3, Tabletop.JOINTS.get(j));
    }
  }

  private void run(int steps, double[] command) {
    for (int i = 0; i < steps; i++) {
      drive.command(command, now);
      idle(1);
    }
  }

  private void idle(int steps) {
    for (int i = 0; i < steps; i++) {
      drive.update(now);
      scene.step();
      now += Tabletop.STEP_NANOS;
    }
  }
}
