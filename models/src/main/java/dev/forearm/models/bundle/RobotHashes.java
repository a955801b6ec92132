package dev.forearm.models.bundle;

import java.util.Optional;

/**
 * Hashes of the running robot, for bundles that insist on one.
 *
 * @param modelSha256 of the robot's model, in lower case, if the robot has one
 * @param calibrationSha256 of the robot's calibration, in lower case, if it has one
 */
public record RobotHashes(Optional<String> modelSha256, Optional<String> calibrationSha256) {
  /** A robot without either. */
  public static RobotHashes none() {
    return new RobotHashes(Optional.empty(), Optional.empty());
  }
}
