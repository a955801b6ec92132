package dev.forearm.sim.expert;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.PolicyState;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A student at work with a teacher beside it: the student drives for a while, the teacher takes
 * over wherever that led and shows how to go on, and so in turn. What the teacher shows from the
 * student's own mistakes is what the student lacks (Kelly et al., "HG-DAgger", ICRA 2019). Each
 * says of its plans whose they are ({@link Plan#driver()}): that tells their chunks apart in a
 * recording. Owned by the inference thread; plans without allocating.
 */
public final class Coached implements Policy {
  private static final int STUDENT_STEPS_MIN = 10;
  private static final int STUDENT_STEPS_MAX = 70;
  private static final int TEACHER_STEPS_MIN = 20;
  private static final int TEACHER_STEPS_MAX = 60;
  private static final String TEACHERS = "teacher/"; // before names of what the teacher remembers

  private final Policy student;
  private final Policy teacher;
  private final SplittableRandom seeds;
  private long seed;
  private SplittableRandom turns;
  private long plans;
  private long studentPlans;
  private boolean studentDrives;
  private int stepsLeft;

  /**
   * @param student closed with this
   * @param teacher wants the same observation and draws no random numbers; closed with this
   * @param seed of the turns
   * @throws IllegalArgumentException if the two do not observe and act alike
   */
  public Coached(Policy student, Policy teacher, long seed) {
    if (!student.spec().equals(teacher.spec())) {
      throw new IllegalArgumentException(
          "the student's %s is not the teacher's %s".formatted(student.spec(), teacher.spec()));
    }
    this.student = student;
    this.teacher = teacher;
    seeds = new SplittableRandom(seed);
    turns = seeds;
    begin(seeds.nextLong());
  }

  @Override
  public PolicySpec spec() {
    return teacher.spec();
  }

  /** The teacher opens one episode in two, the student the others. */
  @Override
  public void reset() {
    student.reset();
    teacher.reset();
    begin(seeds.nextLong());
    student.thaw(new PolicyState(seed, 0, student.freeze().memory()));
  }

  private void begin(long with) {
    seed = with;
    turns = new SplittableRandom(seed);
    studentDrives = turns.nextBoolean();
    stepsLeft = 0;
    plans = 0;
    studentPlans = 0;
  }

  /** What the two remember, and one seed for the student's random numbers and the turns. */
  @Override
  public PolicyState freeze() {
    Map<String, float[]> memory = new HashMap<>(student.freeze().memory());
    teacher.freeze().memory().forEach((name, held) -> memory.put(TEACHERS + name, held));
    return new PolicyState(seed, plans, memory);
  }

  @Override
  public void thaw(PolicyState state) {
    begin(state.seed());
    while (plans < state.plans()) {
      takeTurn();
    }
    Map<String, float[]> students = new HashMap<>();
    Map<String, float[]> teachers = new HashMap<>();
    state
        .memory()
        .forEach((name, held) -> {
          if (name.startsWith(TEACHERS)) {
            teachers.put(name.substring(TEACHERS.length()), held);
          } else {
            students.put(name, held);
          }
        });
    student.thaw(new PolicyState(seed, studentPlans, students));
    teacher.thaw(new PolicyState(0, 0, teachers));
  }

  @Override
  public int prefixSteps() {
    return student.prefixSteps();
  }

  @Override
  public void commit(double[] actions, int steps) {
    student.commit(actions, steps);
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    takeTurn();
    driver().plan(observation, plan);
  }

  private void takeTurn() {
    if (stepsLeft-- <= 0) {
      studentDrives = !studentDrives;
      stepsLeft =
          studentDrives
              ? turns.nextInt(STUDENT_STEPS_MIN, STUDENT_STEPS_MAX)
              : turns.nextInt(TEACHER_STEPS_MIN, TEACHER_STEPS_MAX);
    }
    plans++;
    studentPlans += studentDrives ? 1 : 0;
  }

  @Override
  public void confine(double[] actions) {
    driver().confine(actions);
  }

  private Policy driver() {
    return studentDrives ? student : teacher;
  }

  @Override
  public void close() {
    student.close();
    teacher.close();
  }
}
