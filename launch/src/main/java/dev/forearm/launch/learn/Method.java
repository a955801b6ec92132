package dev.forearm.launch.learn;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.models.learn.LearnerSettings;
import dev.forearm.runtime.config.ConfigFile;
import dev.forearm.runtime.config.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A method of learning: how episodes are played, what is trained on what, and what is compared.
 *
 * @param text of the file, kept with what came of it
 * @param practice how episodes are played
 * @param learner what is trained on what
 */
record Method(String text, PracticeSettings practice, LearnerSettings learner) {
  /** Of those that come with Forearm. */
  static final String NAMES =
      "sft, adaptation, sft-longer, actor-only, world-model-only, joint, joint-takeovers, joint-retrieval, actor-retrieval, joint-relabelled, actor-relabelled, best-of-k, reconstruction, ppo";

  /** Who takes over. */
  enum Teacher {
    EXPERT,
    /** What was demonstrated, carried over to where things are. */
    DEMONSTRATIONS;

    static Teacher named(String name) {
      return switch (name) {
        case "expert" -> EXPERT;
        case "demonstrations" -> DEMONSTRATIONS;
        default ->
            throw new IllegalArgumentException(
                "teacher: found '%s', wanted expert or demonstrations".formatted(name));
      };
    }
  }

  /**
   * How episodes are played.
   *
   * @param episodes of an iteration; 0: none are, and what learns does from demonstrations alone
   * @param patienceSeconds after which one without a new stage is given up
   * @param exploreRad standard deviation of each turning joint's straying
   * @param retrySeconds without a moving object after which the policy is helped; 0: never
   * @param coachedShare of the episodes in which the teacher takes over by turns
   * @param teacher who that is
   * @param comparedEpisodes starts on which a candidate is compared with the incumbent; 0: it
   *     always takes its place
   * @param skipSteps policy steps for which a chunk may go on without a new plan while foresight
   *     agrees, wherever an episode is played; 0: each step plans
   * @param continues whether an iteration trains on from the incumbent's weights, not from the
   *     first policy's
   * @param adapts whether the servos are identified first, from ten episodes
   * @param replayMib most that the episodes of past iterations may take on the disk; 0: all stay
   */
  record PracticeSettings(
      int episodes,
      double patienceSeconds,
      double exploreRad,
      double retrySeconds,
      double coachedShare,
      Teacher teacher,
      int comparedEpisodes,
      int skipSteps,
      boolean continues,
      boolean adapts,
      int replayMib) {
    PracticeSettings {
      if (episodes < 0
          || replayMib < 0
          || comparedEpisodes < 0
          || skipSteps < 0
          || !(coachedShare >= 0 && coachedShare <= 1)) {
        throw new IllegalArgumentException(
            "practice: wanted counts of 0 or more and a share, found %s, %s, %s, %s and %s"
                .formatted(episodes, comparedEpisodes, skipSteps, replayMib, coachedShare));
      }
    }

    static PracticeSettings of(Section section) {
      return new PracticeSettings(
          section.integer("episodes"),
          section.number("patience_s"),
          section.number("explore_rad"),
          section.number("retry_s"),
          section.number("coached_share"),
          section.optionalText("teacher").map(Teacher::named).orElse(Teacher.EXPERT),
          section.integer("compared_episodes"),
          section.integer("skip_steps"),
          section.optionalFlag("continues").orElse(false),
          section.flag("adapts"),
          section.optionalInteger("replay_mib").orElse(0));
    }

    long replayBytes() {
      return (long) replayMib << 20;
    }
  }

  /** Whether anything of a policy changes by it. */
  boolean learns() {
    return learner.worldModel().learns()
        || learner.actor().learns()
        || learner.choice().isPresent();
  }

  /**
   * Reads a method.
   *
   * @param name of one that comes with Forearm ({@code joint}), or a YAML file
   * @throws LaunchFailure if there is no such method
   * @throws dev.forearm.runtime.RuntimeFault naming file, key, found and wanted
   */
  static Method named(String name) {
    Path file = Path.of(name);
    String resource = "/learn/" + name + ".yaml";
    try (InputStream in = Method.class.getResourceAsStream(resource)) {
      if (in == null && !Files.isRegularFile(file)) {
        throw new LaunchFailure(
            "method '%s': no such file and no method of that name; name a YAML file, or one of %s"
                .formatted(name, NAMES));
      }
      String text =
          in == null
              ? Files.readString(file)
              : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return parse(text, name);
    } catch (IOException e) {
      throw new LaunchFailure(
          String.format(Locale.ROOT, "method '%s': cannot be read (%s)", name, e), e);
    }
  }

  static Method parse(String text, String name) {
    return ConfigFile.parse(
        text,
        name,
        root ->
            new Method(
                text, PracticeSettings.of(root.section("practice")), LearnerSettings.of(root)));
  }
}
