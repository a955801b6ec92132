package dev.forearm.launch.promote;

import dev.forearm.launch.session.EpisodeHooks;
import dev.forearm.launch.session.LockstepRun;
import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.Seeds;
import dev.forearm.models.promotion.HeldOutTrial;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.sim.node.SimSettings;
import dev.forearm.sim.task.Task;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Held-out episodes in lockstep. The first N starts of a seed are those of {@code forearm evaluate
 * --episodes N} with that seed, and so are the outcomes.
 *
 * @param driven what a robot drives by, around each policy
 * @param settings how the simulated robot differs
 * @param seed start states derive from it
 * @param hooks how long an episode may last without a new stage
 * @param description what is played, for people
 */
public record SimulatedTrial(
    Robot robot,
    UnaryOperator<Mind> driven,
    Task task,
    SimSettings settings,
    long seed,
    EpisodeHooks hooks,
    String description)
    implements HeldOutTrial {

  @Override
  public Play open(Path bundle) {
    Mind mind = driven.apply(Mind.of(bundle, robot));
    LockstepRun run = new LockstepRun(robot, mind, task.label(), settings, Optional.empty());
    Seeds seeds = new Seeds(seed);
    return new Play() {
      @Override
      public boolean next() {
        return run.play(seeds, hooks).success();
      }

      @Override
      public void close() {
        run.close();
        mind.close();
      }
    };
  }
}
