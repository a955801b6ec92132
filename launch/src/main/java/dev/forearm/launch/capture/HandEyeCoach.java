package dev.forearm.launch.capture;

import dev.forearm.calibration.handeye.Capture;
import dev.forearm.calibration.handeye.HandEyeProblem;
import dev.forearm.calibration.handeye.MotionSpread;
import dev.forearm.calibration.handeye.PoseProposals;
import java.util.List;
import java.util.Optional;

/** Looks for turns of the camera about all of its axes. */
public final class HandEyeCoach implements Coach {
  private final HandEyeProblem rig;
  private final PoseProposals proposals;

  /**
   * @param rig without captures
   */
  public HandEyeCoach(HandEyeProblem rig) {
    this.rig = rig;
    proposals = new PoseProposals(rig);
  }

  @Override
  public Optional<String> advice(List<Capture> captures, int width, int height) {
    return MotionSpread.of(captures, rig.board(), rig.camera()).advice();
  }

  @Override
  public Optional<double[]> pose(List<Capture> captures, double[] standing) {
    return proposals.next(captures, standing);
  }
}
