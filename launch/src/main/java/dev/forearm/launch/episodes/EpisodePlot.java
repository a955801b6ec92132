package dev.forearm.launch.episodes;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.PlotFile;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.std_msgs.Float32MultiArray;
import dev.forearm.ros.robot.MotionReader;
import dev.forearm.runtime.episode.JointMotion;
import dev.forearm.runtime.episode.RecordedPlans;
import dev.forearm.runtime.mcap.McapReader;
import dev.forearm.runtime.robot.Robot;
import java.awt.Color;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * An episode as a picture: joints, measured and commanded; how far what happened is from what was
 * imagined; stages done and the safety state. Time is seconds since the file's first message.
 */
final class EpisodePlot {
  private static final String FORESIGHT = "/forearm/foresight";
  private static final String SAFETY = "/forearm/safety";
  private static final int WIDTH = 1100;
  private static final int HEIGHT = 380;
  private static final int MOST_POINTS = 2000;

  /** Places of the numbers of {@link #FORESIGHT} that are drawn. */
  private static final List<String> FORESIGHT_NAMES = List.of("", "", "realised", "spread");

  private final NavigableMap<Long, float[]> foresight = new TreeMap<>();
  private final NavigableMap<Long, Double> running = new TreeMap<>();
  private final long startNanos;
  private final long endNanos;

  private EpisodePlot(McapReader reader) {
    startNanos = reader.startNanos();
    endNanos = reader.endNanos();
    reader.read(
        Set.of(FORESIGHT, SAFETY),
        (channel, _, logNanos, _, payload) -> {
          if (channel.topic().equals(FORESIGHT)) {
            foresight.put(logNanos, Float32MultiArray.decode(copy(payload)).data());
          } else {
            String state = DiagnosticStatus.decode(copy(payload)).values().getFirst().value();
            running.put(logNanos, state.equals("RUN") ? 1.0 : 0.0);
          }
        });
  }

  /**
   * Draws an episode.
   *
   * @throws LaunchFailure if it cannot be drawn or the file cannot be written
   */
  static void write(Path png, Path file, Robot robot, RecordedPlans plans) {
    EpisodePlot plot;
    try (McapReader reader = McapReader.open(file)) {
      plot = new EpisodePlot(reader);
    }
    List<XYChart> charts = new ArrayList<>();
    charts.add(plot.joints(String.valueOf(file.getFileName()), MotionReader.read(file, robot)));
    if (!plot.foresight.isEmpty()) {
      charts.add(plot.imagined());
    }
    charts.add(plot.progress(plans));
    PlotFile.write(png, charts);
  }

  private XYChart joints(String title, List<JointMotion> motions) {
    XYChart chart = chart(title, "rad or m: measured, dashed: command");
    Color[] colours = chart.getStyler().getSeriesColors();
    for (int i = 0; i < motions.size(); i++) {
      JointMotion motion = motions.get(i);
      Color colour = colours[i % colours.length];
      add(chart, motion.joint(), motion.positionNanos(), motion.positions())
          .setLineColor(colour)
          .setLineStyle(SeriesLines.SOLID);
      add(chart, motion.joint() + " command", motion.commandNanos(), motion.commands())
          .setLineColor(colour)
          .setLineStyle(SeriesLines.DASH_DASH)
          .setShowInLegend(false);
    }
    return chart;
  }

  private XYChart imagined() {
    XYChart chart = chart("what happened from what was imagined", "of the limit, or scales");
    for (int i = 0; i < FORESIGHT_NAMES.size(); i++) {
      int place = i;
      if (!FORESIGHT_NAMES.get(i).isEmpty()) {
        NavigableMap<Long, Double> known = new TreeMap<>();
        foresight.forEach((nanos, values) -> {
          if (values.length > place && Float.isFinite(values[place])) {
            known.put(nanos, (double) values[place]);
          }
        });
        add(chart, FORESIGHT_NAMES.get(i), known, false);
      }
    }
    return chart;
  }

  private XYChart progress(RecordedPlans plans) {
    XYChart chart = chart("progress", "stages done; 1 where it runs");
    NavigableMap<Long, Double> stages = new TreeMap<>();
    plans.stages().forEach((nanos, done) -> stages.put(nanos, (double) done));
    add(chart, "stages done", stages, true);
    add(chart, "safety: RUN", running, true);
    return chart;
  }

  private XYChart chart(String title, String unit) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("s")
            .yAxisTitle(unit)
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax((endNanos - startNanos) * 1e-9);
    return chart;
  }

  /**
   * Adds a series that holds its value until the next one if it steps; an empty one is left out.
   */
  private void add(XYChart chart, String name, NavigableMap<Long, Double> values, boolean steps) {
    List<Long> nanos = new ArrayList<>();
    List<Double> held = new ArrayList<>();
    values.forEach((at, value) -> {
      if (steps && !held.isEmpty()) {
        nanos.add(at);
        held.add(held.getLast());
      }
      nanos.add(at);
      held.add(value);
    });
    if (steps && !held.isEmpty()) {
      nanos.add(endNanos);
      held.add(held.getLast());
    }
    if (!held.isEmpty()) {
      add(
          chart,
          name,
          nanos.stream().mapToLong(Long::longValue).toArray(),
          held.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  private XYSeries add(XYChart chart, String name, long[] nanos, double[] values) {
    int stride = Math.max(1, nanos.length / MOST_POINTS);
    int points = (nanos.length + stride - 1) / stride;
    double[] x = new double[points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = (nanos[i * stride] - startNanos) * 1e-9;
      y[i] = values[i * stride];
    }
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineWidth(1.4f);
    return series;
  }

  private static MemorySegment copy(ByteBuffer payload) {
    byte[] bytes = new byte[payload.remaining()];
    payload.duplicate().get(bytes);
    return MemorySegment.ofArray(bytes);
  }
}
