package dev.forearm.models.promotion;

/**
 * Compares two policies start by start and may be asked after every start whether that is enough.
 *
 * <p>Let D be 1 on a start where only the candidate succeeds, -1 where only the incumbent does, 0
 * elsewhere; its mean is the difference of the success rates. Against the hypothesis "the candidate
 * is worse by {@code margin} or more", that is mean D <= -margin, somebody bets a fixed share of
 * their money on D + margin at every start:
 *
 * <pre>
 *   E = mean over shares s of  product over starts of  1 + s (D + margin),   0 &lt; s &lt; 1 / (1 - margin)
 * </pre>
 *
 * While the hypothesis holds, no such bet grows on average, so the probability that E <em>ever</em>
 * reaches 1 / alpha is at most alpha, whenever one looks and however long one goes on (Ville's
 * inequality; Waudby-Smith and Ramdas 2024, <a
 * href="https://arxiv.org/abs/2010.09686">arXiv:2010.09686</a>). The shares are a fixed grid:
 * nothing is tuned to the data. That the candidate <em>is</em> worse is tested in the same way
 * against mean D >= 0.
 *
 * <p>So alpha bounds, each by itself: the chance to call a candidate {@link Decision#NOT_WORSE}
 * that is worse by the margin or more, and the chance to call one {@link Decision#WORSE} that is as
 * good or better. Wanted is that starts are drawn independently and neither policy learned from
 * them. Starts on which both end alike speak against a loss too, as much as the margin is wide; of
 * margin 0, only those where they differ count, and {@code NOT_WORSE} then means better.
 *
 * <p>One thread.
 */
public final class SequentialPairedTest {
  private static final int SHARES = 50;

  private final double alpha;
  private final Bets againstLoss;
  private final Bets againstGain = new Bets(0);
  private int won;
  private int lost;
  private int alike;

  /** What the test says so far; the first that is not open stays. */
  public enum Decision {
    OPEN,
    NOT_WORSE,
    WORSE
  }

  private Decision decision = Decision.OPEN;

  /**
   * @param margin loss of success rate that would be too much, in [0, 1)
   * @param alpha bound of each error, in (0, 1)
   */
  public SequentialPairedTest(double margin, double alpha) {
    if (!(margin >= 0 && margin < 1 && alpha > 0 && alpha < 1)) {
      throw new IllegalArgumentException(
          "paired test: margin is %s, alpha %s; wanted margin in [0, 1), alpha in (0, 1)"
              .formatted(margin, alpha));
    }
    this.alpha = alpha;
    againstLoss = new Bets(margin);
  }

  /** Takes the outcomes of one start; of one after the decision too, which then stays. */
  public Decision add(boolean incumbent, boolean candidate) {
    if (incumbent == candidate) {
      alike++;
    } else if (candidate) {
      won++;
    } else {
      lost++;
    }
    if (decision == Decision.OPEN) {
      decision =
          evidenceNotWorse() >= 1 / alpha
              ? Decision.NOT_WORSE
              : evidenceWorse() >= 1 / alpha ? Decision.WORSE : Decision.OPEN;
    }
    return decision;
  }

  public Decision decision() {
    return decision;
  }

  /** Starts so far. */
  public int pairs() {
    return won + lost + alike;
  }

  /** Money made of 1 by betting against "worse by the margin or more". */
  public double evidenceNotWorse() {
    return againstLoss.money(won, lost, alike);
  }

  /** Money made of 1 by betting against "as good or better". */
  public double evidenceWorse() {
    return againstGain.money(lost, won, alike);
  }

  /** What each share gains, as logarithms, on a start that goes up, goes down or ends alike. */
  private static final class Bets {
    private final double[] up = new double[SHARES];
    private final double[] down = new double[SHARES];
    private final double[] alike = new double[SHARES];

    Bets(double shift) {
      for (int i = 0; i < SHARES; i++) {
        double share = (i + 1) / (SHARES + 1.0) / (1 - shift);
        up[i] = StrictMath.log1p(share * (1 + shift));
        down[i] = StrictMath.log1p(share * (shift - 1));
        alike[i] = StrictMath.log1p(share * shift);
      }
    }

    double money(int ups, int downs, int alikes) {
      double sum = 0;
      for (int i = 0; i < SHARES; i++) {
        sum += Math.exp(ups * up[i] + downs * down[i] + alikes * alike[i]);
      }
      return sum / SHARES;
    }
  }
}
