package dev.forearm.launch.learn;

import dev.forearm.launch.PlotFile;
import dev.forearm.viewer.Learning;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How a learner's iterations went, as a picture that may be looked at while it learns: success
 * where the policy played or was recorded, and of each candidate beside its incumbent's.
 */
final class LearningPlot {
  static final String FILE = "learning.png";

  private static final int WIDTH = 900;
  private static final int HEIGHT = 500;

  private final List<Learning.Iteration> iterations;

  LearningPlot(List<Learning.Iteration> iterations) {
    this.iterations = iterations;
  }

  /**
   * Puts the picture in the place of the one before, as a whole.
   *
   * @throws dev.forearm.launch.LaunchFailure if it cannot be drawn or written
   */
  void write(Path png) {
    PlotFile.replace(png, List.of(chart()));
  }

  private XYChart chart() {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("learning, after %s iterations".formatted(iterations.size()))
            .xAxisTitle("iteration")
            .yAxisTitle("success rate")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisMin(0.5).setXAxisMax(iterations.size() + 0.5);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setYAxisDecimalPattern("0.0");
    chart.getStyler().setXAxisMaxLabelCount(Math.min(20, iterations.size() + 2));
    add(chart, "while practising", SeriesMarkers.CROSS, Learning.Iteration::practised);
    add(chart, "incumbent", SeriesMarkers.CIRCLE, Learning.Iteration::incumbent);
    add(chart, "candidate", SeriesMarkers.DIAMOND, Learning.Iteration::candidate);
    XYSeries taken =
        add(
            chart,
            "taken over",
            SeriesMarkers.SQUARE,
            each -> each.taken() ? each.candidate() : Double.NaN);
    if (taken != null) {
      taken.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
    return chart;
  }

  /** A series of the iterations that have the value; null if none has. */
  private @Nullable XYSeries add(
      XYChart chart, String name, Marker marker, ToDoubleFunction<Learning.Iteration> value) {
    List<Double> numbers = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < iterations.size(); i++) {
      double found = value.applyAsDouble(iterations.get(i));
      if (!Double.isNaN(found)) {
        numbers.add(i + 1.0);
        values.add(found);
      }
    }
    if (values.isEmpty()) {
      return null;
    }
    XYSeries series = chart.addSeries(name, numbers, values);
    series.setMarker(marker);
    return series;
  }
}
