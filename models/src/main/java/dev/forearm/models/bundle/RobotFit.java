package dev.forearm.models.bundle;

import dev.forearm.models.ModelsFault;
import dev.forearm.runtime.policy.Feature;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Joint;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.UnitMap;
import dev.forearm.runtime.robot.WorkspaceBox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares a manifest with the running robot and lists everything that differs. */
final class RobotFit {
  /** Slack of box limits, m: what rounding in a file may cost. */
  private static final double BOX_SLACK_M = 1e-6;

  /** Slack of joint limits, rad or m: what rounding in a file may cost. */
  private static final double LIMIT_SLACK = 1e-6;

  private final Manifest manifest;
  private final Robot robot;
  private final List<String> problems = new ArrayList<>();

  private RobotFit(Manifest manifest, Robot robot) {
    this.manifest = manifest;
    this.robot = robot;
  }

  static void require(String bundle, Manifest manifest, Robot robot, RobotHashes hashes) {
    RobotFit fit = new RobotFit(manifest, robot);
    fit.compare("robot name", manifest.robotName(), robot.name());
    fit.hash("robot model", manifest.robotModelSha256(), hashes.modelSha256());
    fit.hash("calibration", manifest.calibrationSha256(), hashes.calibrationSha256());
    fit.rates();
    fit.joints();
    fit.workspace();
    manifest.spec().observation().forEach(fit::feature);
    if (!fit.problems.isEmpty()) {
      throw new ModelsFault(
          "bundle %s does not fit robot '%s': %s; choose a bundle made for this robot or correct the robot file"
              .formatted(bundle, robot.name(), String.join("; ", fit.problems)));
    }
  }

  private void rates() {
    compare("policy period, ns", manifest.spec().periodNanos(), robot.policyPeriodNanos());
    compare("control period, ns", manifest.controlPeriodNanos(), robot.controlPeriodNanos());
  }

  private void joints() {
    compare("joint order", manifest.spec().joints(), robot.jointNames());
    for (int i = 0; i < manifest.spec().joints().size(); i++) {
      int index = robot.jointIndex(manifest.spec().joints().get(i));
      if (index >= 0) {
        Joint joint = robot.joints().get(index);
        compare(
            "unit of joint '" + joint.name() + "'",
            manifest.jointUnits().get(i).symbol(),
            joint.unit().symbol());
        manifest.unitMaps().get(i).ifPresent(map -> unitMap(joint, map));
        Manifest.Range range = manifest.jointRanges().get(i);
        if (range.min() < joint.positionMin() - LIMIT_SLACK
            || range.max() > joint.positionMax() + LIMIT_SLACK) {
          problems.add(
              "range of joint '%s': found %s..%s, wanted it within the robot's %s..%s"
                  .formatted(
                      joint.name(),
                      range.min(),
                      range.max(),
                      joint.positionMin(),
                      joint.positionMax()));
        }
      }
    }
  }

  private void unitMap(Joint joint, UnitMap wantedByBundle) {
    if (joint.unitMap().filter(wantedByBundle::sameAs).isEmpty()) {
      problems.add(
          "unit of joint '%s': found %s, wanted the robot's %s or rad"
              .formatted(
                  joint.name(),
                  wantedByBundle,
                  joint.unitMap().map(UnitMap::toString).orElse("none other")));
    }
  }

  private void workspace() {
    WorkspaceBox trained = manifest.workspace();
    WorkspaceBox allowed = robot.workspace();
    boolean inside =
        trained.excess(allowed.xMin(), allowed.yMin(), allowed.zMin()) <= BOX_SLACK_M
            && trained.excess(allowed.xMax(), allowed.yMax(), allowed.zMax()) <= BOX_SLACK_M;
    if (!inside) {
      problems.add(
          "workspace: found %s, wanted one that holds the robot's %s".formatted(trained, allowed));
    }
  }

  private void feature(Feature feature) {
    String name = feature.name();
    Source source = feature.source();
    compare("size of feature '" + name + "'", feature.size(), source.width(robot.jointCount()));
    source
        .unit()
        .ifPresent(unit -> compare("unit of feature '" + name + "'", feature.unit(), unit));
    switch (source) {
      case Source.ObjectPosition of -> listed(name, of.object(), robot.objects());
      case Source.ObjectRotation of -> listed(name, of.object(), robot.objects());
      case Source.ColourImage image -> listed(name, image.topic(), robot.topics().images());
      case Source.DepthImage depth -> listed(name, depth.topic(), robot.topics().depthImages());
      case Source.JointPosition _,
          Source.JointVelocity _,
          Source.JointEffort _,
          Source.ToolPosition _,
          Source.ToolRotation _,
          Source.TopicField _ -> {}
    }
  }

  private void listed(String feature, String wanted, List<String> found) {
    if (!found.contains(wanted)) {
      problems.add(
          "feature '%s': the robot observes no '%s', only %s".formatted(feature, wanted, found));
    }
  }

  private void hash(String what, Optional<String> wantedByBundle, Optional<String> ofRobot) {
    if (wantedByBundle.isPresent() && !wantedByBundle.equals(ofRobot)) {
      problems.add(
          "%s: found SHA-256 %s in the bundle, the robot has %s"
              .formatted(what, wantedByBundle.get(), ofRobot.orElse("none")));
    }
  }

  private void compare(String what, Object found, Object wanted) {
    if (!found.equals(wanted)) {
      problems.add("%s: found %s, wanted %s".formatted(what, found, wanted));
    }
  }
}
