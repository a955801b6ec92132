package dev.forearm.runtime.episode;

/** What somebody says of an episode while it is recorded. */
public sealed interface SpokenLabel {
  /** The task is done: one more stage, the last. */
  record Success() implements SpokenLabel {}

  /** It will not be. */
  record Failure() implements SpokenLabel {}

  /**
   * Stages of it are done.
   *
   * @param done how many, at least 1
   */
  record Stage(int done) implements SpokenLabel {}

  /**
   * Reads {@code success}, {@code failure} or {@code stage N}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static SpokenLabel parse(String text) {
    String word = text.strip();
    if (word.matches("stage [1-9]\\d{0,3}")) {
      return new Stage(Integer.parseInt(word.substring("stage ".length())));
    }
    return switch (word) {
      case "success" -> new Success();
      case "failure" -> new Failure();
      default ->
          throw new IllegalArgumentException(
              "label '%s', wanted success, failure or stage N such as stage 2".formatted(text));
    };
  }
}
