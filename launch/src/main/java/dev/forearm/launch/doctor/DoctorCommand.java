package dev.forearm.launch.doctor;

import dev.forearm.launch.House;
import dev.forearm.launch.Output;
import dev.forearm.launch.RosOptions;
import dev.forearm.launch.doctor.Finding.State;
import dev.forearm.launch.session.AgentFailures;
import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.clock.Clock;
import dev.forearm.runtime.clock.MonotonicClock;
import dev.forearm.runtime.robot.Robot;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code forearm doctor}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Tell what this machine has, what it lacks and what to do about it.",
      "Exits 0 where the demo can run, 1 where it cannot.",
      "With --robot: listen to a robot, say what is wrong before anything moves, and move nothing.",
      "Exits 0 where it may run, 1 where it should not."
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final long DISCOVERY_NANOS = 1_000_000_000L;

  @Mixin private Output output;
  @Mixin private RosOptions ros;

  @Option(
      names = "--robot",
      description = "Robot file, or the name of one that comes with Forearm (fr3, ur5e, so101).")
  private @Nullable String robotName;

  @Option(
      names = "--seconds",
      defaultValue = "3",
      description = "Listen to the robot for so long (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Override
  public Integer call() {
    return robotName == null ? lookAtMachine() : lookAtRobot(House.robot(robotName));
  }

  private int lookAtRobot(Robot robot) {
    Clock clock = new MonotonicClock();
    AgentFailures failures = new AgentFailures();
    List<Finding> findings;
    try (RosTransport transport = ros.transport().open(clock, failures);
        RobotLook look = new RobotLook(robot, transport)) {
      System.out.printf("listening for '%s', %s%n%n", robot.name(), transport.description());
      long rosFromClockNanos = System.currentTimeMillis() * 1_000_000 - clock.nanos();
      long end = clock.nanos() + Math.round(seconds * 1e9);
      while (clock.nanos() - end < 0) {
        LockSupport.parkNanos(Math.min(DISCOVERY_NANOS, end - clock.nanos()));
        look.discover();
      }
      findings = new RobotChecks(robot, look, clock.nanos(), rosFromClockNanos).all();
    }
    findings.forEach(DoctorCommand::print);
    boolean canRun = findings.stream().noneMatch(f -> f.state() == State.MISSING);
    System.out.println();
    System.out.println(
        canRun
            ? "'%s' may run; try 'run --bundle sway' first.".formatted(robot.name())
            : "'%s' should not run yet.".formatted(robot.name()));
    output.write(
        Map.of("can_run", canRun, "findings", findings.stream().map(Finding::toJson).toList()));
    return canRun ? 0 : 1;
  }

  private int lookAtMachine() {
    List<Finding> findings = Checks.all().stream().map(Check::look).toList();
    findings.forEach(DoctorCommand::print);
    boolean canRun = findings.stream().noneMatch(f -> f.state() == State.MISSING);
    System.out.println();
    System.out.println(canRun ? "The demo can run here." : "The demo cannot run here yet.");
    output.write(
        Map.of(
            "can_run_demo", canRun, "findings", findings.stream().map(Finding::toJson).toList()));
    return canRun ? 0 : 1;
  }

  private static void print(Finding finding) {
    String mark =
        switch (finding.state()) {
          case OK -> "ok     ";
          case LESS -> "less   ";
          case MISSING -> "MISSING";
        };
    System.out.printf("%s  %-16s %s%n", mark, finding.subject(), finding.found());
    if (!finding.remedy().isEmpty()) {
      System.out.printf("%26s-> %s%n", "", finding.remedy());
    }
  }
}
