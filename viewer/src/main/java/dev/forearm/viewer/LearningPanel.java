package dev.forearm.viewer;

import imgui.ImGui;
import imgui.extension.implot.ImPlot;
import imgui.extension.implot.flag.ImPlotAxis;
import imgui.extension.implot.flag.ImPlotAxisFlags;
import imgui.extension.implot.flag.ImPlotCol;
import imgui.extension.implot.flag.ImPlotCond;
import imgui.extension.implot.flag.ImPlotFlags;
import imgui.extension.implot.flag.ImPlotLocation;
import imgui.extension.implot.flag.ImPlotMarker;
import imgui.flag.ImGuiCol;
import imgui.flag.ImGuiWindowFlags;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a learner does now, how its iterations went, and how the losses fall. The plots follow the
 * learner and tell the value under the mouse.
 */
final class LearningPanel implements AutoCloseable {
  private static final int FIXED =
      ImGuiWindowFlags.NoDecoration | ImGuiWindowFlags.NoMove | ImGuiWindowFlags.NoSavedSettings;
  private static final int PLOT = ImPlotFlags.NoMenus | ImPlotFlags.NoBoxSelect;
  private static final float GAP = 6;
  private static final float HEADER = 74;
  private static final float BAR = 8;
  private static final float POINT = 7;
  private static final int LEAST_ITERATIONS = 4;
  private static final int MOST_TICKS = 20; // one for each iteration
  private static final int[] LOSSES = {Palette.IMAGINED, Palette.MEASURED};

  private final Window window;
  private final Canvas canvas;

  LearningPanel(Window window) {
    this.window = window;
    canvas = new Canvas(window.fontOfAll());
    ImPlot.createContext();
    ImPlot.pushStyleColor(ImPlotCol.FrameBg, Palette.PANEL);
    ImPlot.pushStyleColor(ImPlotCol.PlotBg, Palette.BACKGROUND);
    ImPlot.pushStyleColor(ImPlotCol.LegendBg, Palette.RAISED);
  }

  void draw(Learning learning) {
    header(learning, new Rectangle(GAP, GAP, window.width() - 2 * GAP, HEADER));
    ImGui.setNextWindowPos(GAP, HEADER + 2 * GAP);
    ImGui.setNextWindowSize(window.width() - 2 * GAP, window.height() - HEADER - 3 * GAP);
    ImGui.pushStyleColor(ImGuiCol.Text, Palette.TEXT);
    ImGui.begin("learning", FIXED);
    ImGui.setWindowFontScale((float) Canvas.TEXT_SIZE / Canvas.LARGE);
    float half = (ImGui.getContentRegionAvailX() - GAP) / 2;
    success(learning.iterations(), half);
    ImGui.sameLine(0, GAP);
    losses(learning.losses(), half);
    ImGui.end();
    ImGui.popStyleColor();
  }

  private void header(Learning learning, Rectangle area) {
    Rectangle content = canvas.begin("learner", "", area);
    float y = content.y();
    canvas.textWithin(
        content.x(), y, content.width(), Canvas.LARGE, Palette.TEXT, learning.title());
    int done = learning.iterations().size();
    String stands =
        learning
            .now()
            .map(phase ->
                "iteration %s: %s, %s of %s"
                    .formatted(done + 1, phase.name(), phase.done(), phase.of()))
            .orElse("iterations done: %s".formatted(done));
    canvas.textWithin(
        content.x(), y + 24, content.width(), Canvas.TEXT_SIZE, Palette.MUTED, stands);
    learning
        .now()
        .ifPresent(phase -> {
          float share = (float) phase.done() / Math.max(1, phase.of());
          float bar = content.bottom() - BAR;
          canvas.fill(content.x(), bar, content.width(), BAR, Palette.RAISED, BAR / 2);
          canvas.fill(content.x(), bar, share * content.width(), BAR, Palette.GOOD, BAR / 2);
        });
    canvas.end();
  }

  private static void success(List<Learning.Iteration> iterations, float width) {
    if (ImPlot.beginPlot("success", width, -1, PLOT)) {
      ImPlot.setupAxes("iteration", "share of episodes");
      int last = Math.max(LEAST_ITERATIONS, iterations.size());
      ImPlot.setupAxisLimits(ImPlotAxis.X1, 0.5, last + 0.5, ImPlotCond.Always);
      ImPlot.setupAxisLimits(ImPlotAxis.Y1, 0, 1, ImPlotCond.Always);
      if (last <= MOST_TICKS) {
        ImPlot.setupAxisTicks(ImPlotAxis.X1, 1, last, last);
      }
      ImPlot.setupLegend(ImPlotLocation.SouthEast);
      Series.of(iterations, Learning.Iteration::practised)
          .line("while practising", Palette.MUTED, ImPlotMarker.Cross);
      Series.of(iterations, Learning.Iteration::incumbent)
          .line("incumbent", Palette.MEASURED, ImPlotMarker.Circle);
      Series.of(iterations, Learning.Iteration::candidate)
          .line("candidate", Palette.IMAGINED, ImPlotMarker.Diamond);
      Series.of(iterations, each -> each.taken() ? each.candidate() : Double.NaN)
          .points("taken over", Palette.GOOD, ImPlotMarker.Square);
      ImPlot.endPlot();
    }
  }

  private static void losses(List<Learning.Loss> losses, float width) {
    if (ImPlot.beginPlot("loss", width, -1, PLOT)) {
      boolean positive = // of a policy gradient it need not be
          losses.stream().flatMap(loss -> loss.values().stream()).allMatch(value -> value > 0);
      int scale = positive ? ImPlotAxisFlags.LogScale : ImPlotAxisFlags.None;
      ImPlot.setupAxes("step", "loss", ImPlotAxisFlags.AutoFit, ImPlotAxisFlags.AutoFit | scale);
      ImPlot.setupLegend(ImPlotLocation.NorthEast);
      for (int i = 0; i < losses.size(); i++) {
        Learning.Loss loss = losses.get(i);
        new Series(array(loss.steps()), array(loss.values()))
            .line(loss.half(), LOSSES[i % LOSSES.length], ImPlotMarker.None);
      }
      ImPlot.endPlot();
    }
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public void close() {
    ImPlot.destroyContext();
  }

  /** Points of a plot. */
  @SuppressWarnings("ArrayRecordComponent") // on their way to the plot
  private record Series(double[] x, double[] y) {
    /** The iterations, from 1, that have the value. */
    static Series of(
        List<Learning.Iteration> iterations, ToDoubleFunction<Learning.Iteration> value) {
      int[] there =
          IntStream.range(0, iterations.size())
              .filter(i -> !Double.isNaN(value.applyAsDouble(iterations.get(i))))
              .toArray();
      return new Series(
          Arrays.stream(there).mapToDouble(i -> i + 1).toArray(),
          Arrays.stream(there).mapToDouble(i -> value.applyAsDouble(iterations.get(i))).toArray());
    }

    void line(String name, int colour, int marker) {
      ImPlot.pushStyleColor(ImPlotCol.Line, colour);
      ImPlot.setNextMarkerStyle(marker);
      ImPlot.plotLine(name, x, y);
      ImPlot.popStyleColor();
    }

    void points(String name, int colour, int marker) {
      ImPlot.pushStyleColor(ImPlotCol.MarkerFill, colour);
      ImPlot.pushStyleColor(ImPlotCol.MarkerOutline, colour);
      ImPlot.setNextMarkerStyle(marker, POINT);
      ImPlot.plotScatter(name, x, y);
      ImPlot.popStyleColor(2);
    }
  }
}
