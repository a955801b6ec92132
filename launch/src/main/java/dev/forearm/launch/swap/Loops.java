package dev.forearm.launch.swap;

import dev.forearm.launch.session.Mind;
import dev.forearm.launch.session.RobotSession;
import dev.forearm.runtime.control.LoopBoard;
import dev.forearm.runtime.inference.InstalledPolicy;
import dev.forearm.runtime.inference.PolicyLoop;
import java.util.function.Function;

/**
 * The loops whose policy changes.
 *
 * @param policy plans
 * @param control shows what the control loop does
 * @param fit makes a mind into what the policy loop takes; any thread
 */
record Loops(PolicyLoop policy, LoopBoard control, Function<Mind, InstalledPolicy> fit) {
  static Loops of(RobotSession session) {
    return new Loops(session.policyLoop(), session.control().board(), session::fit);
  }
}
