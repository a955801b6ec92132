package dev.forearm.runtime.policy;

/**
 * Who drives: who made a chunk of actions, or took the arm over while it was made. Recorded with
 * each, so that nobody has to infer it: a demonstrator's chunks are learned from otherwise than a
 * policy's own.
 */
public sealed interface Driver {
  /** A scripted program that knows how to do the task. */
  record Expert() implements Driver {}

  /**
   * A learned policy.
   *
   * @param sha256 of its bundle, in hexadecimal
   */
  record Learned(String sha256) implements Driver {
    private static final int SHORT = 8; // letters
  }

  /**
   * A person at a device.
   *
   * @param name who, or which device; may be empty
   */
  record Human(String name) implements Driver {}

  /** What demonstrations show, carried over to where things are: nobody showed it here. */
  record Retrieval() implements Driver {}

  /** A way out of where a policy was stuck, the same for every task: {@link RetryingPolicy}. */
  record Recovery() implements Driver {}

  /** Nobody: a person took the arm over and has gone silent, so it holds. */
  record Nobody() implements Driver {}

  /** Nobody said so: older episodes, policies that have no name. */
  record Unknown() implements Driver {}

  /**
   * As it is recorded: {@code expert}, {@code policy HASH}, {@code human NAME}, {@code retrieval},
   * {@code recovery}, {@code nobody}, {@code unknown}.
   */
  default String text() {
    return switch (this) {
      case Expert _ -> "expert";
      case Learned(String sha256) -> "policy " + sha256;
      case Human(String name) -> "human " + name;
      case Retrieval _ -> "retrieval";
      case Recovery _ -> "recovery";
      case Nobody _ -> "nobody";
      case Unknown _ -> "unknown";
    };
  }

  /** For people: as {@link #text}, but a policy by the beginning of its hash. */
  default String shortText() {
    return this instanceof Learned(String sha256) && sha256.length() > Learned.SHORT
        ? new Learned(sha256.substring(0, Learned.SHORT)).text()
        : text();
  }

  /** What {@link #text} was made from; {@link Unknown} for a text of later versions. */
  static Driver parse(String text) {
    int space = text.indexOf(' ');
    String rest = text.substring(space + 1);
    return switch (space < 0 ? text : text.substring(0, space)) {
      case "expert" -> new Expert();
      case "policy" -> new Learned(rest);
      case "human" -> new Human(rest);
      case "retrieval" -> new Retrieval();
      case "recovery" -> new Recovery();
      case "nobody" -> new Nobody();
      default -> new Unknown();
    };
  }
}
