package dev.forearm.models.shelf;

/** What a version on a shelf is. */
public sealed interface VersionState {
  /**
   * It waits for a judgement, or for one that decides.
   *
   * @param note what is known so far, for people; empty before the first judgement
   */
  record Candidate(String note) implements VersionState {}

  /** It drives. */
  record Active() implements VersionState {}

  /** It drove once. */
  record Retired() implements VersionState {}

  /**
   * It was judged and turned down.
   *
   * @param reason for people
   */
  record Refused(String reason) implements VersionState {}

  /** {@code candidate}, {@code active}, {@code retired} or {@code refused}. */
  default String label() {
    return switch (this) {
      case Candidate _ -> "candidate";
      case Active() -> "active";
      case Retired() -> "retired";
      case Refused _ -> "refused";
    };
  }

  /** What there is to say to it; may be empty. */
  default String note() {
    return switch (this) {
      case Candidate(String note) -> note;
      case Refused(String reason) -> reason;
      case Active(), Retired() -> "";
    };
  }

  /**
   * The state of a label.
   *
   * @throws IllegalArgumentException if no state is called so
   */
  static VersionState of(String label, String note) {
    return switch (label) {
      case "candidate" -> new Candidate(note);
      case "active" -> new Active();
      case "retired" -> new Retired();
      case "refused" -> new Refused(note);
      default ->
          throw new IllegalArgumentException(
              "state is '%s', wanted candidate, active, retired or refused".formatted(label));
    };
  }
}
