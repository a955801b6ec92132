package dev.forearm.launch.faults;

import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.lockstep.CommandTrace;
import dev.forearm.runtime.lockstep.LimitAudit;
import dev.forearm.runtime.robot.Robot;

/** All who look on. */
record Judges(LimitAudit audit, Conduct conduct, CommandTrace trace) {
  static Judges of(Robot robot) {
    return new Judges(new LimitAudit(robot), new Conduct(), new CommandTrace(robot.jointCount()));
  }

  RuntimeTap tap() {
    return audit.andThen(conduct).andThen(trace);
  }
}
