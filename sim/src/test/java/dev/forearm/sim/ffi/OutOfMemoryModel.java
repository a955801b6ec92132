package dev.forearm.sim.ffi;

/** A process that drives MuJoCo into an error it cannot go on from: too little memory to step. */
final class OutOfMemoryModel {
  private OutOfMemoryModel() {}

  public static void main(String[] args) {
    String starved = MujocoTest.MODEL.replace("<option", "<size memory=\"1K\"/><option");
    try (MujocoModel model = MujocoModel.compile("starved", starved);
        MujocoData data = new MujocoData(model)) {
      data.step();
    }
    System.out.println("went on");
  }
}
