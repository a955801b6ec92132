package dev.forearm.models.learn;

import dev.forearm.runtime.episode.RecordedPlans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Whether labels have to do with what was recorded: how well success, and the stages done, can be
 * told of an episode from how it ended and what moved in it, by a ridge regression on the others,
 * against the same with labels dealt out anew (permutation test; the statistic is the correlation
 * of label and leave-one-out prediction). Right labels can be told well from that, since tasks are
 * about where things are in the end; labels of other episodes cannot.
 *
 * @param verdict what follows
 * @param episodes that were looked at
 * @param words for people, with the numbers
 */
public record LabelEvidence(Verdict verdict, int episodes, String words) {
  /** Key of a bundle's {@code made_by} that says what was found of the labels it learned from. */
  public static final String MADE_BY = "labels";

  /** What labels are worth. */
  public enum Verdict {
    /** They go with the recordings. */
    INFORMATIVE,
    /** Nothing of the recordings tells them, although there are episodes enough. */
    NO_INFORMATION,
    /** Too few episodes, or labels that are all the same. */
    CANNOT_TELL
  }

  /** At most so many of sets of arbitrary labels pass as informative. */
  private static final double ALPHA = 0.01;

  private static final int PERMUTATIONS = 1999;

  /** Below, even right labels may not show. */
  private static final int ENOUGH_EPISODES = 60;

  private static final int LEAST_EPISODES = 20;
  private static final int LEAST_OF_A_KIND = 5;
  private static final int MOST_EPISODES = 500; // the work grows with the square
  private static final int LAST_OBSERVATIONS = 20;
  private static final double RIDGE = 1;

  /** How a bundle that learned from these labels says so. */
  public Map<String, String> madeBy() {
    return Map.of(MADE_BY, verdict + ": " + words);
  }

  /** Whether a bundle says of itself that the labels it learned from carry no information. */
  public static boolean speaksAgainst(Map<String, String> madeBy) {
    return madeBy.getOrDefault(MADE_BY, "").startsWith(Verdict.NO_INFORMATION.name());
  }

  /** Gathers what the test wants of each episode, so that these need not stay in memory. */
  public static final class Gatherer {
    private final List<Summary> summaries = new ArrayList<>();

    /** Takes an episode into account. */
    public void add(RecordedPlans episode) {
      int width = episode.observations().firstEntry().getValue().length;
      if (summaries.isEmpty() || summaries.getFirst().features.length == 2 * width) {
        int stages = episode.stages().isEmpty() ? 0 : episode.stages().lastEntry().getValue();
        summaries.add(new Summary(features(episode, width), episode.succeeded() ? 1 : 0, stages));
      }
    }

    /** What the labels so far are worth. */
    public LabelEvidence evidence() {
      List<Summary> used = new ArrayList<>();
      int stride = Math.max(1, Math.ceilDiv(summaries.size(), MOST_EPISODES));
      for (int i = 0; i < summaries.size(); i += stride) {
        used.add(summaries.get(i));
      }
      return judge(used);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // numbers on their way into one array
  private record Summary(double[] features, double success, double stages) {}

  /** How it ended, and how much each value varied. */
  private static double[] features(RecordedPlans episode, int width) {
    double[] features = new double[2 * width];
    double[] sum = new double[width];
    double[] squares = new double[width];
    int count = episode.observations().size();
    int index = 0;
    for (float[] seen : episode.observations().values()) {
      for (int i = 0; i < width; i++) {
        sum[i] += seen[i];
        squares[i] += (double) seen[i] * seen[i];
        if (index >= count - LAST_OBSERVATIONS) {
          features[i] += seen[i];
        }
      }
      index++;
    }
    for (int i = 0; i < width; i++) {
      features[i] /= Math.min(count, LAST_OBSERVATIONS);
      double mean = sum[i] / count;
      features[width + i] = Math.sqrt(Math.max(0, squares[i] / count - mean * mean));
    }
    return features;
  }

  private static LabelEvidence judge(List<Summary> episodes) {
    int count = episodes.size();
    if (count < LEAST_EPISODES) {
      return new LabelEvidence(
          Verdict.CANNOT_TELL,
          count,
          "found %s labelled episodes, wanted %s to compare labels with recordings"
              .formatted(count, LEAST_EPISODES));
    }
    double[][] hat = hat(episodes);
    List<String> found = new ArrayList<>();
    Verdict verdict = Verdict.CANNOT_TELL;
    for (Kind kind : Kind.ALL) {
      double[] labels = episodes.stream().mapToDouble(kind.label).toArray();
      if (!varies(labels)) {
        continue;
      }
      double correlation = correlation(hat, labels);
      double p = p(hat, labels, correlation);
      found.add(
          String.format(
              Locale.ROOT,
              "%s of %s episodes, told from the others' recordings, correlates with its label by %.2f (p = %.4f)",
              kind.words,
              count,
              correlation,
              p));
      Verdict of =
          p <= ALPHA
              ? Verdict.INFORMATIVE
              : count >= ENOUGH_EPISODES ? Verdict.NO_INFORMATION : Verdict.CANNOT_TELL;
      verdict = verdict == Verdict.NO_INFORMATION || of == Verdict.CANNOT_TELL ? verdict : of;
    }
    String words =
        found.isEmpty()
            ? "all of %s episodes end alike".formatted(count)
            : String.join("; ", found);
    return new LabelEvidence(verdict, count, words);
  }

  /** Something that labels say. */
  private record Kind(String words, ToDoubleFunction<Summary> label) {
    static final List<Kind> ALL =
        List.of(
            new Kind("success", Summary::success),
            new Kind("the number of stages done", Summary::stages));
  }

  private static boolean varies(double[] labels) {
    long commonest = 0;
    for (double label : labels) {
      commonest = Math.max(commonest, Arrays.stream(labels).filter(l -> l == label).count());
    }
    return labels.length - commonest >= LEAST_OF_A_KIND;
  }

  private static double p(double[][] hat, double[] labels, double observed) {
    SplittableRandom random = new SplittableRandom(labels.length);
    double[] dealt = labels.clone();
    int asHigh = 1;
    for (int i = 0; i < PERMUTATIONS; i++) {
      for (int k = dealt.length - 1; k > 0; k--) {
        int other = random.nextInt(k + 1);
        double kept = dealt[k];
        dealt[k] = dealt[other];
        dealt[other] = kept;
      }
      asHigh += correlation(hat, dealt) >= observed ? 1 : 0;
    }
    return (double) asHigh / (PERMUTATIONS + 1);
  }

  /** Of labels with what a regression on all other episodes gives them. */
  private static double correlation(double[][] hat, double[] labels) {
    int n = labels.length;
    double mean = Arrays.stream(labels).average().orElse(0);
    double[] told = new double[n];
    double meanTold = 0;
    for (int i = 0; i < n; i++) {
      double fitted = 0;
      for (int k = 0; k < n; k++) {
        fitted += hat[i][k] * (labels[k] - mean);
      }
      double residual = (labels[i] - mean - fitted) / (1 - hat[i][i] - 1.0 / n);
      told[i] = labels[i] - residual;
      meanTold += told[i] / n;
    }
    double both = 0;
    double own = 0;
    double other = 0;
    for (int i = 0; i < n; i++) {
      both += (labels[i] - mean) * (told[i] - meanTold);
      own += (labels[i] - mean) * (labels[i] - mean);
      other += (told[i] - meanTold) * (told[i] - meanTold);
    }
    return both / Math.max(1e-12, Math.sqrt(own * other));
  }

  /**
   * What takes labels to fitted ones: K (K + ridge)^-1 with K the products of standardised
   * features.
   */
  private static double[][] hat(List<Summary> episodes) {
    int n = episodes.size();
    double[][] x = standardised(episodes);
    double[][] kernel = new double[n][n];
    double[][] regular = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < x[i].length; j++) {
          kernel[i][k] += x[i][j] * x[k][j] / Math.max(1, x[i].length);
        }
        regular[i][k] = kernel[i][k] + (i == k ? RIDGE : 0);
      }
    }
    return solved(regular, kernel); // (K + ridge)^-1 K, which is the same: they commute
  }

  private static double[][] standardised(List<Summary> episodes) {
    int n = episodes.size();
    int width = episodes.getFirst().features.length;
    double[][] x = new double[n][width];
    for (int j = 0; j < width; j++) {
      int at = j;
      double mean = episodes.stream().mapToDouble(e -> e.features[at]).average().orElse(0);
      double variance =
          episodes.stream()
              .mapToDouble(e -> (e.features[at] - mean) * (e.features[at] - mean))
              .average()
              .orElse(0);
      for (int i = 0; i < n && variance > 1e-12; i++) {
        x[i][j] = (episodes.get(i).features[j] - mean) / Math.sqrt(variance);
      }
    }
    return x;
  }

  /** Solves a X = b, a symmetric and positive definite, by Cholesky's decomposition; a is spent. */
  private static double[][] solved(double[][] a, double[][] b) {
    int n = a.length;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k <= i; k++) {
        double sum = a[i][k];
        for (int j = 0; j < k; j++) {
          sum -= a[i][j] * a[k][j];
        }
        a[i][k] = i == k ? Math.sqrt(sum) : sum / a[k][k];
      }
    }
    double[][] x = new double[n][];
    for (int i = 0; i < n; i++) {
      x[i] = b[i].clone();
      for (int k = 0; k < i; k++) {
        for (int c = 0; c < n; c++) {
          x[i][c] -= a[i][k] * x[k][c];
        }
      }
      for (int c = 0; c < n; c++) {
        x[i][c] /= a[i][i];
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        for (int c = 0; c < n; c++) {
          x[i][c] -= a[k][i] * x[k][c];
        }
      }
      for (int c = 0; c < n; c++) {
        x[i][c] /= a[i][i];
      }
    }
    return x;
  }
}
