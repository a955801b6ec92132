package dev.forearm.viewer;

import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An episode to look at.
 *
 * @param file where it is
 * @param robot that it was recorded of
 * @param spec of the policy that drove it, which says what its numbers mean; empty: nobody knows
 */
public record ViewedEpisode(Path file, Robot robot, Optional<PolicySpec> spec) {}
