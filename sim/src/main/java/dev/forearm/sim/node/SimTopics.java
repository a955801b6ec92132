package dev.forearm.sim.node;

/** The simulator's ROS 2 topics. */
public final class SimTopics {
  /** sensor_msgs/JointState, 500 Hz. */
  public static final String JOINT_STATES = "/joint_states";

  /** geometry_msgs/PoseArray in the arm's base frame, 50 Hz. */
  public static final String OBJECTS = "/objects";

  /** std_msgs/String, latched: names of the objects, comma separated, in the order of the poses. */
  public static final String OBJECT_NAMES = "/object_names";

  /** sensor_msgs/Image rgb8. */
  public static final String SCENE_IMAGE = "/scene_camera/image_raw";

  /** sensor_msgs/Image rgb8. */
  public static final String WRIST_IMAGE = "/wrist_camera/image_raw";

  /** sensor_msgs/Image 16UC1, while somebody listens. */
  public static final String SCENE_DEPTH = "/scene_camera/depth/image_raw";

  /** sensor_msgs/Image 16UC1, while somebody listens. */
  public static final String WRIST_DEPTH = "/wrist_camera/depth/image_raw";

  /** rosgraph_msgs/Clock, on request. */
  public static final String CLOCK = "/clock";

  /** std_msgs/Float64MultiArray, positions in command order. */
  public static final String COMMANDS = "/arm_controller/commands";

  /** trajectory_msgs/JointTrajectory. */
  public static final String TRAJECTORY = "/arm_controller/joint_trajectory";

  /** std_msgs/String, YAML: <code>{task: lift, seed: 7}</code>. */
  public static final String RESET = "/sim/reset";

  /** diagnostic_msgs/DiagnosticStatus, 50 Hz. */
  public static final String TASK_STATE = "/sim/task_state";

  /** Before a cube's name, in the task state: how often a grasp of it was tried. */
  public static final String ATTEMPTS = "attempts.";

  /** Frame of the objects' poses. */
  public static final String BASE_FRAME = "panda_link0";

  private SimTopics() {}
}
