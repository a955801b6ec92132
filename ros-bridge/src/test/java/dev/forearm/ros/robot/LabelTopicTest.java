package dev.forearm.ros.robot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.InProcessTransport;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.msg.std_msgs.MultiArrayLayout;
import dev.forearm.ros.msg.std_msgs.String;
import dev.forearm.runtime.clock.SimulatedClock;
import dev.forearm.runtime.episode.EpisodeInfo;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeRecorder;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.episode.RecorderSettings;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.RobotFile;
import dev.forearm.runtime.signal.RobotSignals;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LabelTopicTest {
  private final SimulatedClock clock = new SimulatedClock();
  private final Robot robot =
      RobotFile.read(Path.of("../launch/src/main/resources/robots/tabletop.yaml"));

  @Test
  void whatIsSaidWhileAnEpisodeIsRecordedIsItsLabel(@TempDir Path folder) {
    Path file;
    try (InProcessTransport transport = new InProcessTransport(clock);
        EpisodeRecorder recorder = new EpisodeRecorder(RecorderSettings.lockstep(folder), clock)) {
      EpisodeChannels channels = new EpisodeChannels(recorder);
      EpisodeChannels.Track observations =
          channels.receive(EpisodeTap.OBSERVATION, Float32MultiArray.TYPE);
      try (RobotBridge bridge =
          new RobotBridge(
              robot, new RobotSignals(robot, List.of()), transport, Optional.of(channels))) {
        Subscription labels = bridge.recordLabels();
        Publication person = transport.advertise(LabelTopic.TOPIC, String.TYPE, Qos.DEFAULT);
        recorder.begin(new EpisodeInfo("e", "tidy", 0, robot.name(), "bundle", "", Map.of()));
        clock.advance(1_000);
        CdrWriter seen = new CdrWriter(64);
        new Float32MultiArray(new MultiArrayLayout(List.of(), 0), new float[] {1}).encode(seen);
        observations.write(seen, clock.nanos());
        say(person, "stage 1", 2);
        say(person, "well done", 1);
        say(person, "success", 3);
        assertEquals(1, labels.refused());
        recorder.drain();
        file = recorder.end(EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "by time")).file();
      }
    }
    RecordedPlans read = EpisodeReader.read(file);
    assertTrue(read.succeeded());
    assertEquals(Map.of(1_000 + 2_000_000_000L, 1, 1_000 + 6_000_000_000L, 2), read.stages());
  }

  private void say(Publication person, java.lang.String word, int secondsLater) {
    clock.advance(secondsLater * 1_000_000_000L);
    CdrWriter writer = new CdrWriter(64);
    new String(word).encode(writer);
    person.publish(writer);
  }
}
