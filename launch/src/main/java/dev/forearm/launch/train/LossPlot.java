package dev.forearm.launch.train;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.PlotFile;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The loss by step as a picture: every step thin, its running mean thick; logarithmic where it goes
 * through decades.
 */
final class LossPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;
  private static final int MOST_POINTS = 4000;
  private static final int TICK_PIXELS = 120;

  /** From here on a logarithmic axis has labels enough to be read. */
  private static final double DECADES = 50;

  private final long firstStep;
  private final List<Double> losses = new ArrayList<>();

  /**
   * @param firstStep the number of the first step that is added
   */
  LossPlot(long firstStep) {
    this.firstStep = firstStep;
  }

  void add(double loss) {
    losses.add(loss);
  }

  /**
   * Writes the picture; without a step there is none.
   *
   * @throws LaunchFailure if it cannot be drawn or the file cannot be written
   */
  void write(Path png, String title) {
    if (!losses.isEmpty()) {
      PlotFile.write(png, List.of(chart(title)));
    }
  }

  private XYChart chart(String title) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("step")
            .yAxisTitle("loss")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNE);
    chart.getStyler().setYAxisLogarithmic(spansDecades());
    chart.getStyler().setXAxisTickMarkSpacingHint(TICK_PIXELS);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    int stride = Math.max(1, losses.size() / MOST_POINTS);
    int window = Math.max(1, losses.size() / 50);
    List<Double> steps = new ArrayList<>();
    List<Double> each = new ArrayList<>();
    List<Double> means = new ArrayList<>();
    for (int i = 0; i < losses.size(); i += stride) {
      steps.add((double) (firstStep + i));
      each.add(losses.get(i));
      means.add(
          losses.subList(Math.max(0, i - window + 1), i + 1).stream()
              .mapToDouble(Double::doubleValue)
              .average()
              .orElse(losses.get(i)));
    }
    chart.addSeries("each step", steps, each).setMarker(SeriesMarkers.NONE).setLineWidth(0.7f);
    chart
        .addSeries("mean of " + window, steps, means)
        .setMarker(SeriesMarkers.NONE)
        .setLineWidth(2.5f);
    return chart;
  }

  private boolean spansDecades() {
    double least = losses.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = losses.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    return least > 0 && most / least > DECADES;
  }
}
