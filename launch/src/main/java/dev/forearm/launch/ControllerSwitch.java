package dev.forearm.launch;

import dev.forearm.ros.RosTransport;
import dev.forearm.ros.robot.ControllerManager;
import dev.forearm.ros.robot.ControllerStanding;
import dev.forearm.runtime.robot.Hardware;
import dev.forearm.runtime.robot.Robot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a robot's controller_manager activate what its joint groups want, where the robot file asks
 * for that; before anything is commanded. What was switched stays so.
 */
final class ControllerSwitch {
  private static final Logger LOG = LoggerFactory.getLogger(ControllerSwitch.class);
  private static final long PATIENCE_SECONDS = 10;
  private static final long LOOK_NANOS = 20_000_000;

  private ControllerSwitch() {}

  /**
   * Switches if there is something to switch, and says so.
   *
   * @param dryRun whether it only says so
   * @throws LaunchFailure if the controllers cannot be had, with the reason
   */
  static void apply(Robot robot, RosTransport transport, boolean dryRun) {
    Hardware.Controllers known = robot.hardware().controllers().orElse(null);
    if (known == null || !known.switches()) {
      return;
    }
    try (ControllerManager manager = new ControllerManager(transport, known.manager())) {
      awaitManager(manager, known.manager());
      ControllerStanding now = ControllerStanding.of(robot, answer(manager.list(), known));
      if (!now.absent().isEmpty()) {
        throw new LaunchFailure(
            "controllers: %s does not have %s, wanted by robot '%s'; load and configure them first"
                .formatted(known.manager(), now.absent(), robot.name()));
      }
      if (now.inactive().isEmpty()) {
        return;
      }
      String what =
          "%s: activate %s, deactivate %s"
              .formatted(known.manager(), now.inactive(), now.inTheWay());
      if (dryRun) {
        LOG.info("dry run: would have {}", what);
        return;
      }
      LOG.info("{}", what);
      Void _ = answer(manager.change(now.inactive(), now.inTheWay()), known);
      System.out.printf("switched controllers: %s for %s%n", now.inactive(), now.inTheWay());
    }
  }

  private static void awaitManager(ControllerManager manager, String name) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!manager.available()) {
      if (System.nanoTime() - end >= 0) {
        throw new LaunchFailure(
            "controllers: nobody answers as %s, wanted to switch; start the robot's driver, or set switch: false"
                .formatted(name));
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static <T> T answer(CompletableFuture<T> question, Hardware.Controllers known) {
    try {
      return question.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new LaunchFailure("controllers: " + why.getMessage(), e);
    } catch (TimeoutException e) {
      throw new LaunchFailure(
          "controllers: %s did not answer in %s s; look at its log"
              .formatted(known.manager(), PATIENCE_SECONDS),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchFailure("controllers: interrupted", e);
    }
  }
}
