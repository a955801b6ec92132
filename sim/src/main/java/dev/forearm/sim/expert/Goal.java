package dev.forearm.sim.expert;

/** Where the hand should be heading right now; reused from step to step. */
final class Goal {
  double x;
  double y;
  double z;
  double yaw;
  double opening;

  void at(double x, double y, double z, double yaw, double opening) {
    this.x = x;
    this.y = y;
    this.z = z;
    this.yaw = yaw;
    this.opening = opening;
  }
}
