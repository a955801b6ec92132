package dev.forearm.runtime.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.runtime.SwayingPolicy;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.ChunkFixtures;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.TabletopRobot;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkFollowerTest {
  private static final long MS = 1_000_000;
  private static final long BLEND = 100 * MS;
  private static final long DELAY = 150 * MS;
  private static final int JOINTS = 8;

  private final PolicySpec spec = SwayingPolicy.specFor(TabletopRobot.read());
  private final ChunkFollower follower = new ChunkFollower(JOINTS, BLEND);

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void handOverBetweenUnrelatedChunksKeepsPositionAndVelocityContinuous(long seed) {
    Random random = new Random(seed);
    long now = 0;
    follower.take(randomChunk(random, now), now, SwayingPolicy.ready(), new double[JOINTS]);
    for (int handOver = 0; handOver < 40; handOver++) {
      now += 5 * MS + random.nextInt(90_000_000);
      double[] position = at(now);
      double[] velocity = velocityBefore(now);
      follower.take(randomChunk(random, now - random.nextInt(30_000_000)), now, position, velocity);
      double[] positionAfter = at(now);
      double[] velocityAfter = velocityAfter(now);
      for (int j = 0; j < JOINTS; j++) {
        assertEquals(position[j], positionAfter[j], 1e-12);
        assertEquals(velocity[j], velocityAfter[j], 1e-3);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void positionAndVelocityAreContinuousAllAlongOneChunk(long seed) {
    Random random = new Random(seed);
    follower.take(randomChunk(random, 0), 0, SwayingPolicy.ready(), new double[JOINTS]);
    for (long knot = 50 * MS; knot <= 17 * 50 * MS; knot += 50 * MS) {
      double[] before = velocityBefore(knot);
      double[] after = velocityAfter(knot);
      for (int j = 0; j < JOINTS; j++) {
        assertEquals(before[j], after[j], 1e-3);
      }
    }
  }

  @Test
  void everyActionIsReachedAtItsDueTimeOnceBlended() {
    ActionChunk chunk = randomChunk(new Random(7), 0);
    follower.take(chunk, 0, SwayingPolicy.ready(), new double[JOINTS]);
    for (int step = 2; step < chunk.steps(); step++) { // blending ends at action 1
      double[] reached = at(chunk.dueNanos(step));
      for (int j = 0; j < JOINTS; j++) {
        assertEquals(chunk.actions()[step * JOINTS + j], reached[j], 1e-12);
      }
    }
  }

  @Test
  void pathNeverOvershootsTheActionsItPasses() {
    ActionChunk chunk = randomChunk(new Random(8), 0);
    follower.take(chunk, 0, SwayingPolicy.ready(), new double[JOINTS]);
    for (int step = 2; step < chunk.steps(); step++) {
      for (long t = chunk.dueNanos(step - 1); t <= chunk.dueNanos(step); t += MS) {
        double[] position = at(t);
        for (int j = 0; j < JOINTS; j++) {
          double a = chunk.actions()[(step - 1) * JOINTS + j];
          double b = chunk.actions()[step * JOINTS + j];
          assertTrue(position[j] >= Math.min(a, b) - 1e-12);
          assertTrue(position[j] <= Math.max(a, b) + 1e-12);
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void slowChunksTakeOverWithoutAJumpInPositionVelocityOrAcceleration(long seed) {
    Random random = new Random(seed);
    ActionChunk first = randomChunk(random, 0);
    follower.take(first, 0, SwayingPolicy.ready(), new double[JOINTS]);
    long now = 425 * MS; // between two actions, the first chunk's own transition long over
    double[] before = at(now);
    double[] velocity = velocityBefore(now);
    double[] acceleration = acceleration(now); // of the first chunk, gone on with
    at(now);
    follower.take(next(random, now - DELAY, first), now, before, velocity);
    double[] position = at(now);
    double[] velocityAfter = velocityAfter(now);
    double[] accelerationAfter = acceleration(now);
    for (int j = 0; j < JOINTS; j++) {
      assertEquals(before[j], position[j], 1e-12);
      assertEquals(velocity[j], velocityAfter[j], 1e-3);
      assertEquals(acceleration[j], accelerationAfter[j], 0.5);
    }
  }

  @Test
  void aSlowChunkTakesOverGraduallyUnlessItDoesNotContinueTheOneBefore() {
    ActionChunk first = randomChunk(new Random(1), 0);
    for (boolean continues : new boolean[] {true, false}) {
      ChunkFollower one = new ChunkFollower(JOINTS, BLEND);
      one.take(first, 0, SwayingPolicy.ready(), new double[JOINTS]);
      long now = 400 * MS;
      double[] left = new double[JOINTS];
      one.sample(now + BLEND, left); // where the first chunk leads
      double[] earlier = new double[JOINTS];
      one.sample(now - 1000, earlier);
      double[] position = new double[JOINTS];
      one.sample(now, position);
      double[] velocity = new double[JOINTS];
      for (int j = 0; j < JOINTS; j++) {
        velocity[j] = (position[j] - earlier[j]) / 1e-6;
      }
      ActionChunk second =
          continues
              ? next(new Random(2), now - DELAY, first)
              : randomChunk(new Random(2), now - DELAY);
      one.take(second, now, position, velocity);
      ChunkPath path = new ChunkPath(JOINTS);
      path.take(second);
      path.at(now + BLEND);
      double[] then = new double[JOINTS];
      one.sample(now + BLEND, then);
      for (int j = 0; j < JOINTS; j++) {
        if (continues) { // still nearer to the old path
          double toOld = Math.abs(then[j] - left[j]);
          double toNew = Math.abs(then[j] - path.position(j));
          assertTrue(toOld < toNew, "joint %s: %s, %s".formatted(j, toOld, toNew));
        } else {
          assertEquals(path.position(j), then[j], 1e-12);
        }
      }
    }
  }

  @Test
  void shortenedChunkComesToRestAtItsLastAllowedAction() {
    ActionChunk chunk = ChunkFixtures.chunk(spec, randomActions(new Random(9)), 4, 0);
    follower.take(chunk, 0, SwayingPolicy.ready(), new double[JOINTS]);
    double[] rest = at(chunk.dueNanos(3));
    double[] later = at(chunk.dueNanos(12));
    for (int j = 0; j < JOINTS; j++) {
      assertEquals(chunk.actions()[3 * JOINTS + j], rest[j], 1e-12);
      assertEquals(rest[j], later[j]);
      assertEquals(0, velocityBefore(chunk.dueNanos(3))[j], 1e-3);
    }
  }

  private double[] at(long now) {
    double[] target = new double[JOINTS];
    follower.sample(now, target);
    return target;
  }

  private double[] velocityBefore(long now) {
    return difference(now - 1000, now);
  }

  private double[] velocityAfter(long now) {
    return difference(now, now + 1000);
  }

  private double[] difference(long from, long to) {
    double[] a = at(from);
    double[] b = at(to);
    double[] velocity = new double[JOINTS];
    for (int j = 0; j < JOINTS; j++) {
      velocity[j] = (b[j] - a[j]) / ((to - from) * 1e-9);
    }
    return velocity;
  }

  private double[] acceleration(long now) {
    double[] early = difference(now, now + 100_000);
    double[] late = difference(now + 100_000, now + 200_000);
    double[] acceleration = new double[JOINTS];
    for (int j = 0; j < JOINTS; j++) {
      acceleration[j] = (late[j] - early[j]) / 1e-4;
    }
    return acceleration;
  }

  private ActionChunk next(Random random, long observedNanos, ActionChunk before) {
    return ChunkFixtures.next(spec, randomActions(random), observedNanos, before);
  }

  private ActionChunk randomChunk(Random random, long observedNanos) {
    return ChunkFixtures.chunk(spec, randomActions(random), spec.chunkSteps(), observedNanos);
  }

  private double[] randomActions(Random random) {
    return random.doubles((long) spec.chunkSteps() * JOINTS, -0.1, 0.1).toArray();
  }
}
