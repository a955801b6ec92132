package dev.forearm.runtime.robot;

import dev.forearm.runtime.config.Section;

/**
 * Another unit for a joint's positions, in which a policy was trained: degrees, or LeRobot's 0 to
 * 100 of a gripper. Two points make the line between the two.
 *
 * @param unit its name, for example {@code deg} or {@code percent}
 * @param value what the policy calls {@code position}, ascending
 * @param nextValue what it calls {@code nextPosition}
 * @param position rad or m
 * @param nextPosition rad or m
 */
public record UnitMap(
    String unit, double value, double nextValue, double position, double nextPosition) {
  private static final double SAME = 1e-6;

  /** Degrees of a joint in radians. */
  public static final UnitMap DEGREES = new UnitMap("deg", -180, 180, -Math.PI, Math.PI);

  public UnitMap {
    if (!(value < nextValue && position < nextPosition)) {
      throw new IllegalArgumentException(
          "unit_map to %s: found value [%s, %s] for position [%s, %s], wanted both to ascend"
              .formatted(unit, value, nextValue, position, nextPosition));
    }
  }

  /** Reads <code>{unit: percent, value: [0, 100], position: [-0.17, 1.75]}</code>. */
  public static UnitMap read(Section section) {
    return read(section, section.text("unit"));
  }

  /** Reads <code>{value: [0, 100], position: [-0.17, 1.75]}</code> of a unit that is known. */
  public static UnitMap read(Section section, String unit) {
    double[] value = section.numbers("value", 2);
    double[] position = section.numbers("position", 2);
    return new UnitMap(unit, value[0], value[1], position[0], position[1]);
  }

  /** Whether both say the same of every position, whichever points they are told by. */
  public boolean sameAs(UnitMap other) {
    return unit.equals(other.unit)
        && Math.abs(toPosition(0) - other.toPosition(0)) < SAME
        && Math.abs(slope() - other.slope()) < SAME * slope();
  }

  /** How much a position changes with the policy's value: rad or m per unit. */
  public double slope() {
    return (nextPosition - position) / (nextValue - value);
  }

  /** The position, rad or m, that a policy calls {@code said}. */
  public double toPosition(double said) {
    return position + slope() * (said - value);
  }

  /** What a policy calls a position in rad or m. */
  public double toValue(double at) {
    return value + (at - position) / slope();
  }
}
