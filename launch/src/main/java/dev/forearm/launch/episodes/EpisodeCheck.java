package dev.forearm.launch.episodes;

import dev.forearm.ros.robot.EpisodeReader;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeSurvey;
import dev.forearm.runtime.episode.TopicTimes;
import dev.forearm.runtime.mcap.McapAudit;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Looks for what makes an episode a bad one to learn from. */
final class EpisodeCheck {
  private static final String OBSERVATION = "/forearm/observation";

  private EpisodeCheck() {}

  /**
   * What is wrong with an episode, one line each; empty if nothing is.
   *
   * @param robot whose joints it should tell of; empty: not known
   * @param wanted topics that must be in it as well
   */
  static List<String> problems(Path file, Optional<Robot> robot, List<String> wanted) {
    List<String> problems = new ArrayList<>(McapAudit.findings(file));
    if (!problems.isEmpty()) {
      return problems; // what follows would go by damaged bytes
    }
    try {
      EpisodeSurvey survey = EpisodeSurvey.read(file);
      if (survey.dropped() > 0) {
        problems.add(
            "%s messages were dropped by the recorder: %s"
                .formatted(survey.dropped(), survey.droppedByTopic()));
      }
      Set<String> missing = new LinkedHashSet<>(wanted);
      robot.ifPresent(known -> missing.addAll(jointTopics(known)));
      for (TopicTimes topic : survey.topics()) {
        problems.addAll(problems(topic, survey.startNanos()));
        missing.removeIf(name -> name.equals(topic.topic()) && topic.messages() > 0);
      }
      missing.forEach(topic -> problems.add("no message on %s".formatted(topic)));
      if (survey.topics().stream().anyMatch(topic -> topic.topic().equals(OBSERVATION))) {
        EpisodeReader.read(file);
      }
    } catch (RuntimeFault fault) {
      problems.add(String.valueOf(fault.getMessage()));
    }
    return problems;
  }

  private static Set<String> jointTopics(Robot robot) {
    Set<String> topics = new LinkedHashSet<>();
    robot
        .groups()
        .forEach(group -> {
          topics.add(group.states());
          topics.add(group.command().recordedTopic());
        });
    return topics;
  }

  private static List<String> problems(TopicTimes topic, long startNanos) {
    List<String> problems = new ArrayList<>();
    if (topic.stepsBack() > 0) {
      problems.add(
          "%s: %s messages are stamped earlier than the one before"
              .formatted(topic.topic(), topic.stepsBack()));
    }
    for (TopicTimes.Gap gap : topic.gaps()) {
      problems.add(
          String.format(
              Locale.ROOT,
              "%s: no message for %.3f s from %.3f s on, of %.1f a second",
              topic.topic(),
              gap.nanos() * 1e-9,
              (gap.fromNanos() - startNanos) * 1e-9,
              topic.rateHz()));
    }
    return problems;
  }
}
