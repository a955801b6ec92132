package dev.forearm.launch.learn;

import dev.forearm.launch.PlotFile;
import java.awt.Color;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private final List<Map<String, Object>> brought;

  /**
   * @param brought what each iteration brought, as {@link LearnerState#brought}
   */
  LearningPlot(List<Map<String, Object>> brought) {
    this.brought = brought;
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
            .title("learning, after %s iterations".formatted(brought.size()))
            .xAxisTitle("iteration")
            .yAxisTitle("success rate")
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisMin(0.5).setXAxisMax(brought.size() + 0.5);
    chart.getStyler().setXAxisDecimalPattern("0");
    chart.getStyler().setYAxisDecimalPattern("0.0");
    chart.getStyler().setXAxisMaxLabelCount(Math.min(20, brought.size() + 2));
    add(chart, "while practising", SeriesMarkers.CROSS, each -> practised(each));
    add(chart, "incumbent", SeriesMarkers.CIRCLE, each -> number(each, "incumbent_success"));
    add(chart, "candidate", SeriesMarkers.DIAMOND, each -> number(each, "candidate_success"));
    XYSeries taken =
        add(
            chart,
            "taken over",
            SeriesMarkers.SQUARE,
            each ->
                Boolean.TRUE.equals(each.get("accepted"))
                    ? number(each, "candidate_success")
                    : Double.NaN);
    if (taken != null) {
      taken.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
    return chart;
  }

  private interface Value {
    double of(Map<String, Object> iteration);
  }

  /** A series of the iterations that have the value; null if none has. */
  private @Nullable XYSeries add(XYChart chart, String name, Marker marker, Value value) {
    List<Double> iterations = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < brought.size(); i++) {
      double found = value.of(brought.get(i));
      if (!Double.isNaN(found)) {
        iterations.add(i + 1.0);
        values.add(found);
      }
    }
    if (values.isEmpty()) {
      return null;
    }
    XYSeries series = chart.addSeries(name, iterations, values);
    series.setMarker(marker);
    return series;
  }

  private static double practised(Map<String, Object> iteration) {
    return number(iteration, "successes") / number(iteration, "episodes");
  }

  private static double number(Map<String, Object> iteration, String key) {
    return iteration.get(key) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
