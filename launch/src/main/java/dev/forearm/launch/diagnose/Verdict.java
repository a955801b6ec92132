package dev.forearm.launch.diagnose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Puts a crossing into words. */
final class Verdict {
  private static final double CLEAR = 0.05;

  private final List<Cell> cells;
  private final List<String> stages;

  /**
   * @param cells among them the policy as it is
   */
  Verdict(List<Cell> cells, List<String> stages) {
    this.cells = List.copyOf(cells);
    this.stages = List.copyOf(stages);
  }

  /** Sentences, most important first. */
  String text() {
    List<String> said = new ArrayList<>();
    Cell as = cell(false, false, false);
    said.add("As it is it succeeds in %s.".formatted(as.success()));
    boolean adapts = cells.stream().anyMatch(Cell::adapted);
    Cell base = as;
    if (adapts) {
      base = cell(false, false, true);
      said.add("Adapting to the servos: %s.".formatted(gain(as, base)));
      if (base.success().done() < as.success().done()) {
        base = as;
      } else if (gains(as, base)) {
        said.add("So the servos are a fault, and adaptation repairs it.");
      }
    }
    Cell worldModel = cell(true, false, base.adapted());
    Cell actor = cell(false, true, base.adapted());
    Cell both = cell(true, true, base.adapted());
    said.add("Then the world model repaired: %s.".formatted(gain(base, worldModel)));
    said.add("The actor repaired instead: %s.".formatted(gain(base, actor)));
    said.add("Both: %s.".formatted(gain(base, both)));
    said.add(fault(base, worldModel, actor, both));
    return String.join(" ", said);
  }

  private String fault(Cell base, Cell worldModel, Cell actor, Cell both) {
    boolean byWorldModel = gains(base, worldModel);
    boolean byActor = gains(base, actor);
    if (byWorldModel && !byActor) {
      return "The world model is at fault%s.".formatted(at(base, worldModel));
    }
    if (byActor && !byWorldModel) {
      return "The actor is at fault%s.".formatted(at(base, actor));
    }
    if (byActor) {
      boolean more = worldModel.success().done() >= actor.success().done();
      return "Either repair helps, the %s's more%s."
          .formatted(more ? "world model" : "actor", at(base, more ? worldModel : actor));
    }
    if (gains(base, both)) {
      return "Only both repairs together help: both halves are at fault%s."
          .formatted(at(base, both));
    }
    return base.success().low() > 0.8
        ? "Nothing much is wrong with either half."
        : "Neither repair helps clearly: play more episodes, or what is missing is in neither half, or the hindsight actor is no better.";
  }

  /** The stage that the repair carries over most. */
  private String at(Cell base, Cell repaired) {
    int worst = 0;
    double most = 0;
    for (int stage = 0; stage < stages.size(); stage++) {
      double gained = passed(repaired, stage) - passed(base, stage);
      if (gained > most) {
        most = gained;
        worst = stage;
      }
    }
    return most == 0
        ? ""
        : String.format(
            Locale.ROOT,
            ", most of all at '%s' (%.2f of those that get there pass it, repaired %.2f)",
            stages.get(worst),
            passed(base, worst),
            passed(repaired, worst));
  }

  private static double passed(Cell cell, int stage) {
    long there = cell.reached(stage).done();
    return there == 0 ? 0 : (double) cell.reached(stage + 1).done() / there;
  }

  private static boolean gains(Cell from, Cell to) {
    return to.success().done() > from.success().done() && from.chanceOfEqual(to) < CLEAR;
  }

  private static String gain(Cell from, Cell to) {
    double chance = from.chanceOfEqual(to);
    return String.format(
        Locale.ROOT,
        "%s, %+.2f (%s, p = %.2g)",
        to.success(),
        to.success().share() - from.success().share(),
        chance < CLEAR ? "clear" : "not clear",
        chance);
  }

  private Cell cell(boolean oracle, boolean hindsight, boolean adapted) {
    return cells.stream()
        .filter(cell ->
            cell.oracle() == oracle && cell.hindsight() == hindsight && cell.adapted() == adapted)
        .findFirst()
        .orElseThrow();
  }
}
