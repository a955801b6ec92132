package dev.forearm.models.promotion;

import dev.forearm.models.bundle.SigningKey;
import dev.forearm.models.bundle.Trust;
import java.util.Optional;

/**
 * By what a candidate is judged.
 *
 * @param trust whose signature is wanted
 * @param signer signs what is let through without a signature
 * @param margin loss of success rate that would be too much, see {@link SequentialPairedTest}
 * @param alpha bound of each of that test's errors
 * @param mostStarts after which the evaluation ends undecided, at least 1
 * @param repeatedStarts on which the incumbent is played twice, at least 1
 * @param mostFlips share of these that may end otherwise the second time
 * @param seed of everything random but the trial: training, resamples
 * @param acceptUnproven whether a candidate that nothing speaks against is promoted though its
 *     evaluation is missing or undecided
 */
public record GateSettings(
    Trust trust,
    Optional<SigningKey> signer,
    double margin,
    double alpha,
    int mostStarts,
    int repeatedStarts,
    double mostFlips,
    long seed,
    boolean acceptUnproven) {
  public GateSettings {
    if (mostStarts < 1 || repeatedStarts < 1 || !(mostFlips >= 0 && mostFlips <= 1)) {
      throw new IllegalArgumentException(
          "gate: found %s starts, %s repeated, flips %s; wanted 1 or more, 1 or more, 0 to 1"
              .formatted(mostStarts, repeatedStarts, mostFlips));
    }
  }

  /**
   * Any signer, a margin of .05 at alpha .05, at most 300 starts, 10 of them twice, of which one
   * may flip; unproven candidates wait.
   */
  public static GateSettings standard() {
    return new GateSettings(Trust.anyone(), Optional.empty(), 0.05, 0.05, 300, 10, 0.1, 1, false);
  }

  public GateSettings trusting(Trust signers) {
    return with(signers, signer, acceptUnproven);
  }

  public GateSettings signedBy(SigningKey key) {
    return with(trust, Optional.of(key), acceptUnproven);
  }

  public GateSettings acceptingUnproven(boolean yes) {
    return with(trust, signer, yes);
  }

  private GateSettings with(Trust signers, Optional<SigningKey> key, boolean unproven) {
    return new GateSettings(
        signers, key, margin, alpha, mostStarts, repeatedStarts, mostFlips, seed, unproven);
  }
}
