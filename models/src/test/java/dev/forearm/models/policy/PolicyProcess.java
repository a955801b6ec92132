package dev.forearm.models.policy;

import dev.forearm.models.bundle.SmallBundle;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import java.nio.file.Path;

/** A process of its own that plans with the small bundle, whose folder it is given. */
final class PolicyProcess {
  private static final int PLANS = 100;

  private PolicyProcess() {}

  public static void main(String[] arguments) {
    try (BundlePolicy policy = BundlePolicy.load(Path.of(arguments[0]), SmallBundle.robot())) {
      Plan plan = new Plan(policy.spec());
      for (int i = 0; i < PLANS; i++) {
        policy.plan(new Observation(policy.spec().observationWidth()), plan);
      }
    }
    System.out.println("planned");
  }
}
