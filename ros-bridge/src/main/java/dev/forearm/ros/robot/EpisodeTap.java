package dev.forearm.ros.robot;

import dev.forearm.ros.Message;
import dev.forearm.ros.RosTime;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.cdr.Text;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.Float64MultiArray;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.msg.std_msgs.Int64MultiArray;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.robot.EpisodeChannels.Track;
import dev.forearm.runtime.foresight.ForesightReading;
import dev.forearm.runtime.inference.ActionChunk;
import dev.forearm.runtime.inference.PolicyStep;
import dev.forearm.runtime.inference.RuntimeTap;
import dev.forearm.runtime.policy.Driver;
import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.Source;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.safety.SafetyReason;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.runtime.signal.SignalReading;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the runtime observes, imagines, decides and commands into the episode, as messages
 * that every ROS 2 installation knows:
 *
 * <pre>
 *   /forearm/observation  Float32MultiArray [feature]         physical units
 *   /forearm/images       Header                              of each image of the observation, the
 *                                                             stamp, and the topic as frame_id
 *   /forearm/imagination  Float32MultiArray [frame][feature]  physical units
 *   /forearm/foresight    Float32MultiArray [verdict, error, realised, spread, planned]
 *                                                             as {@link ForesightMessage} says
 *   /forearm/chunk        Float64MultiArray [step][joint]     rad or m; refused: no data, and the
 *                                                             reason as the dimension's label
 *   /forearm/driver       String                              with each chunk: expert, policy HASH,
 *                                                             recovery or unknown; while somebody has
 *                                                             taken the arm over, human NAME or nobody
 *   /forearm/exploration  Float64MultiArray [joint]           rad or m, in every step of the chunk;
 *                                                             only where a policy explores
 *   /forearm/step         Int64MultiArray                     which signals a policy step went by,
 *                                                             as {@link StepMessage} says
 *   /forearm/cycle        Int64MultiArray                     what a control cycle went by, as
 *                                                             {@link CycleMessage} says
 *   /forearm/safety       DiagnosticStatus                    on every change
 *   the command topics    as they are sent
 * </pre>
 *
 * <p>Each method runs on the thread that {@link RuntimeTap} names, with buffers of its own.
 */
public final class EpisodeTap implements RuntimeTap {
  static final String OBSERVATION = "/forearm/observation";
  static final String IMAGINATION = "/forearm/imagination";
  static final String CHUNK = "/forearm/chunk";
  static final String IMAGES = "/forearm/images";
  static final String DRIVER = "/forearm/driver";
  static final String EXPLORATION = "/forearm/exploration";
  static final String SAFETY = "/forearm/safety";

  private static final Driver UNKNOWN = new Driver.Unknown();
  private static final byte[][] REASONS = utf8(SafetyReason.values());
  private static final byte[][] MEANINGS =
      Arrays.stream(SafetyReason.values())
          .map(reason -> reason.meaning().getBytes(StandardCharsets.UTF_8))
          .toArray(byte[][]::new);
  private static final byte[][] STATES = utf8(SafetyState.values());
  private static final byte[] STEP = "step".getBytes(StandardCharsets.UTF_8);

  private final EpisodeChannels episode;

  // Inference thread.
  private final CdrWriter inferenceWriter = new CdrWriter(8192);
  private final Track observationTrack;
  private final @Nullable Track imageTrack; // of a policy that sees some
  private final Track imaginationTrack;
  private final Track foresightTrack;
  private final Track chunkTrack;
  private final Track driverTrack;
  private final Track explorationTrack;
  private final Float32MultiArray.Buffer observation = new Float32MultiArray.Buffer();
  private final Header.Buffer[] images;
  private final Float32MultiArray.Buffer imagination = new Float32MultiArray.Buffer();
  private final ForesightMessage foresight = new ForesightMessage();
  private final Float64MultiArray.Buffer chunk = new Float64MultiArray.Buffer();
  private final Float64MultiArray.Buffer exploration = new Float64MultiArray.Buffer();
  private final dev.forearm.ros.msg.std_msgs.String.Buffer driver =
      new dev.forearm.ros.msg.std_msgs.String.Buffer();
  private final Track stepTrack;
  private final StepMessage step = new StepMessage();
  private Driver drives = UNKNOWN;
  private Driver written = UNKNOWN;

  // Control thread.
  private final CdrWriter controlWriter = new CdrWriter(1024);
  private final Track cycleTrack;
  private final CycleMessage cycle = new CycleMessage();
  private final Track safetyTrack;
  private final DiagnosticStatus.Buffer safety = new DiagnosticStatus.Buffer();
  private final CommandEncoder[] commands;
  private final Track[] commandTracks; // one for each of them

  public EpisodeTap(Robot robot, PolicySpec spec, EpisodeChannels episode) {
    this.episode = episode;
    observationTrack = episode.inference(OBSERVATION, Float32MultiArray.TYPE);
    images = spec.imageSources().stream().map(EpisodeTap::reference).toArray(Header.Buffer[]::new);
    imageTrack = images.length == 0 ? null : episode.inference(IMAGES, Header.TYPE);
    imaginationTrack = episode.inference(IMAGINATION, Float32MultiArray.TYPE);
    foresightTrack = episode.inference(ForesightMessage.TOPIC, Float32MultiArray.TYPE);
    chunkTrack = episode.inference(CHUNK, Float64MultiArray.TYPE);
    driverTrack = episode.inference(DRIVER, dev.forearm.ros.msg.std_msgs.String.TYPE);
    explorationTrack = episode.inference(EXPLORATION, Float64MultiArray.TYPE);
    stepTrack = episode.inference(StepMessage.TOPIC, Int64MultiArray.TYPE);
    cycleTrack = episode.control(CycleMessage.TOPIC, Int64MultiArray.TYPE);
    safetyTrack = episode.control(SAFETY, DiagnosticStatus.TYPE);
    commands = CommandEncoder.of(robot).toArray(CommandEncoder[]::new);
    commandTracks =
        Arrays.stream(commands)
            .map(command -> episode.control(command.topic(), command.type()))
            .toArray(Track[]::new);

    dimension(observation.layout, 0, "feature", spec.observationWidth());
    dimension(imagination.layout, 0, "frame", spec.frameSteps().size());
    dimension(imagination.layout, 1, "feature", spec.frameWidth());
    dimension(chunk.layout, 0, "step", spec.chunkSteps());
    dimension(chunk.layout, 1, "joint", spec.joints().size());
    driver.data.assign(written.text());
    dimension(exploration.layout, 0, "joint", spec.joints().size());
    safety.name.assign("forearm: safety");
    safety.hardwareId.assign(robot.name());
    safety.values.resize(2);
    safety.values.get(0).key.assign("state");
    safety.values.get(1).key.assign("reason");
    reserve(safety.message, MEANINGS);
    reserve(safety.values.get(0).value, STATES);
    reserve(safety.values.get(1).value, REASONS);
    reserve(chunk.layout.dim.get(0).label, REASONS);
  }

  @Override
  public void observed(Observation seen) {
    observation.data.assign(seen.values(), seen.values().length);
    infer(observation, observationTrack, seen.stampNanos());
    if (imageTrack != null) {
      for (int i = 0; i < images.length; i++) {
        RosTime.set(images[i].stamp, seen.images().get(i).stampNanos());
        infer(images[i], imageTrack, seen.stampNanos());
      }
    }
  }

  @Override
  public void planned(Observation seen, Plan plan) {
    if (plan.imagines()) {
      imagination.data.assign(plan.imagined(), plan.imagined().length);
      infer(imagination, imaginationTrack, seen.stampNanos());
    }
    if (plan.explores()) {
      exploration.data.assign(plan.exploration(), plan.exploration().length);
      infer(exploration, explorationTrack, seen.stampNanos());
    }
  }

  @Override
  public void gated(ForesightReading reading, long stampNanos) {
    infer(foresight.of(reading), foresightTrack, stampNanos);
  }

  @Override
  public void stepped(PolicyStep over) {
    drives = over.driver();
    infer(step.of(over), stepTrack, over.stampNanos());
  }

  @Override
  @SuppressWarnings("EnumOrdinal")
  public void published(ActionChunk published) {
    int values = published.steps() * published.joints();
    chunk.layout.dim.get(0).size = published.steps();
    byte[] label = published.refused() ? REASONS[published.refusal().ordinal()] : STEP;
    chunk.layout.dim.get(0).label.assign(label, label.length);
    chunk.data.assign(published.actions(), values);
    infer(chunk, chunkTrack, published.observedNanos());
    if (!drives.equals(written)) { // allocates where the driver changes, and only there
      driver.data.assign(drives.text());
      written = drives;
    }
    infer(driver, driverTrack, published.observedNanos());
  }

  @Override
  @SuppressWarnings("EnumOrdinal")
  public void safety(SafetyState state, SafetyReason reason, long stampNanos) {
    safety.level =
        switch (state) {
          case RUN -> DiagnosticStatus.OK;
          case FAULT -> DiagnosticStatus.ERROR;
          case IDLE, HOLD, RAMP_DOWN, STOPPED -> DiagnosticStatus.WARN;
        };
    byte[] meaning = MEANINGS[reason.ordinal()];
    safety.message.assign(meaning, meaning.length);
    byte[] stateName = STATES[state.ordinal()];
    safety.values.get(0).value.assign(stateName, stateName.length);
    byte[] reasonName = REASONS[reason.ordinal()];
    safety.values.get(1).value.assign(reasonName, reasonName.length);
    safety.encode(controlWriter);
    safetyTrack.write(controlWriter, stampNanos);
  }

  @Override
  public void cycled(
      SignalReading jointState,
      long newest,
      long takeover,
      int events,
      long elapsedNanos,
      long stampNanos) {
    cycle.of(jointState, newest, takeover, events, elapsedNanos).encode(controlWriter);
    cycleTrack.write(controlWriter, stampNanos);
  }

  @Override
  public void commanded(double[] positions, SafetyState state, long stampNanos) {
    for (int group = 0; group < commands.length; group++) {
      if (commands[group].takes(stampNanos)) {
        commandTracks[group].write(commands[group].encode(positions), stampNanos);
      }
    }
  }

  @Override
  public void failed(Throwable cause) {
    episode.failed(cause);
  }

  private void infer(Message message, Track track, long stampNanos) {
    message.encode(inferenceWriter);
    track.write(inferenceWriter, stampNanos);
  }

  private static Header.Buffer reference(Source.Image image) {
    Header.Buffer header = new Header.Buffer();
    header.frameId.assign(image.topic());
    return header;
  }

  static void dimension(MultiArrayLayout.Buffer layout, int index, String label, int size) {
    layout.dim.resize(index + 1);
    layout.dim.get(index).label.assign(label);
    layout.dim.get(index).size = size;
    layout.dim.get(index).stride = size;
    if (index > 0) {
      layout.dim.get(index - 1).stride = layout.dim.get(index - 1).size * size;
    }
  }

  /** Grows {@code text} to the longest it will ever hold, so that no loop's thread has to. */
  private static void reserve(Text text, byte[][] choices) {
    for (byte[] choice : choices) {
      text.assign(choice, choice.length);
    }
  }

  private static byte[][] utf8(Enum<?>[] constants) {
    return Arrays.stream(constants)
        .map(constant -> constant.name().getBytes(StandardCharsets.UTF_8))
        .toArray(byte[][]::new);
  }
}
