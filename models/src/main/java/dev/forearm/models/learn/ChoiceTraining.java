package dev.forearm.models.learn;

import dev.forearm.models.ModelsFault;
import dev.forearm.models.bundle.Bundle;
import dev.forearm.models.bundle.BundleWriter;
import dev.forearm.models.bundle.Scaling;
import dev.forearm.models.onnx.Graph;
import dev.forearm.models.onnx.HostTensor;
import dev.forearm.models.onnx.TensorType;
import dev.forearm.models.onnx.build.GraphBuilder;
import dev.forearm.models.ort.ElementType;
import dev.forearm.models.policy.ImaginationChoice;
import dev.forearm.models.value.ValueEnsemble;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Has a policy choose among several imaginations, without changing its weights. What a future is
 * worth is learned from futures that came about; departures to choose from are how what followed
 * differed from what had been imagined, of steps that paid. So joints, tool and objects of a
 * departure go together and change smoothly, as they did.
 */
public final class ChoiceTraining {
  private static final int MOST_DEPARTURES = 512;

  private final ChoiceSettings settings;
  private final long seed;

  /**
   * @param seed of everything random
   */
  public ChoiceTraining(ChoiceSettings settings, long seed) {
    this.settings = settings;
    this.seed = seed;
  }

  /**
   * Writes a bundle that chooses.
   *
   * @param parent whose weights stay
   * @param outlooks of logged episodes
   * @param folder a place where nothing lies yet
   * @throws ModelsFault if none of them imagined and paid
   */
  public void write(
      Bundle parent, List<Outlook> outlooks, Path folder, Map<String, String> madeBy) {
    BundleWriter.writeChoosing(parent, graph(parent, outlooks), settings.plans(), folder, madeBy);
  }

  Graph graph(Bundle parent, List<Outlook> outlooks) {
    Scaling observed = parent.statistics().observation();
    Scaling frames = parent.statistics().imagined();
    int width = observed.width() + frames.width();
    HostTensor departures = departures(frames, outlooks);
    Graph trained = value(observed, frames, outlooks);

    Graph graph = new Graph("choice", 20);
    GraphBuilder o = new GraphBuilder(graph);
    String seen = o.input("observation", TensorType.of(ElementType.FLOAT32, 1, observed.width()));
    long count = parent.manifest().spec().frameSteps().size();
    String imagined =
        o.input("imagined", TensorType.of(ElementType.FLOAT32, 1, count, frames.width() / count));
    String drawn = o.input("drawn", TensorType.of(ElementType.INT64, settings.imaginations()));
    String all = o.initializer(ImaginationChoice.DEPARTURES, departures);
    String departing = o.node("Gather", all, drawn).with("axis", 0L).one();
    String futures = o.add(o.reshape(imagined, 1, frames.width()), departing);
    String repeated = o.op("Expand", seen, o.longs(settings.imaginations(), observed.width()));
    String values =
        ValueEnsemble.append(o, o.concat(1, repeated, futures), width, settings.members(), seed);
    o.output("score", ValueEnsemble.appendSure(o, values, settings.disagreement()));
    ValueEnsemble.adopt(graph, trained);
    return graph;
  }

  private Graph value(Scaling observed, Scaling frames, List<Outlook> outlooks) {
    int width = observed.width() + frames.width();
    float[] x = new float[Math.multiplyExact(outlooks.size(), width)];
    float[] paid = new float[outlooks.size()];
    for (int row = 0; row < paid.length; row++) {
      Outlook outlook = outlooks.get(row);
      float[] seen = outlook.observation();
      int at = row * width;
      for (int i = 0; i < seen.length; i++) {
        x[at++] = observed.normalised(seen, i, seen[i]);
      }
      for (int i = 0; i < frames.width(); i++) {
        x[at++] = frames.normalised(seen, i, outlook.followed()[i]);
      }
      paid[row] = (float) outlook.paid();
    }
    HostTensor rows = HostTensor.ofFloats(new long[] {paid.length, width}, x);
    return ValueEnsemble.train(rows, paid, settings.members(), settings.steps(), seed);
  }

  /** The first is none at all. */
  private HostTensor departures(Scaling frames, List<Outlook> outlooks) {
    List<Outlook> paying = new ArrayList<>();
    for (Outlook outlook : outlooks) {
      if (outlook.paid() > 0 && outlook.imagined().isPresent()) {
        paying.add(outlook);
      }
    }
    if (paying.isEmpty()) {
      throw new ModelsFault(
          "learn to choose: found none of %s steps that imagined and that a stage followed; record more episodes"
              .formatted(outlooks.size()));
    }
    SplittableRandom random = new SplittableRandom(seed);
    int rows = 1 + Math.min(MOST_DEPARTURES, paying.size());
    float[] departures = new float[rows * frames.width()];
    for (int row = 1; row < rows; row++) {
      Outlook outlook = paying.remove(random.nextInt(paying.size()));
      float[] imagined = outlook.imagined().orElseThrow();
      for (int i = 0; i < frames.width(); i++) {
        float off = (outlook.followed()[i] - imagined[i]) / frames.std()[i];
        departures[row * frames.width() + i] = (float) settings.spread() * off;
      }
    }
    return HostTensor.ofFloats(new long[] {rows, frames.width()}, departures);
  }
}
