package dev.forearm.sim.expert;

import dev.forearm.runtime.policy.Observation;
import dev.forearm.runtime.policy.Plan;
import dev.forearm.runtime.policy.Policy;
import dev.forearm.runtime.policy.PolicySpec;
import dev.forearm.runtime.policy.PolicyState;
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

  private final Policy student;
  private final Policy teacher;
  private final SplittableRandom random;
  private boolean studentDrives;
  private int stepsLeft;

  /**
   * @param student closed with this
   * @param teacher wants the same observation; closed with this
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
    random = new SplittableRandom(seed);
  }

  @Override
  public PolicySpec spec() {
    return teacher.spec();
  }

  /** The teacher opens every other episode, the student the others. */
  @Override
  public void reset() {
    student.reset();
    teacher.reset();
    studentDrives = random.nextBoolean();
    stepsLeft = 0;
  }

  /** Not possible: whose turn it is is drawn from random numbers that cannot be kept. */
  @Override
  public PolicyState freeze() {
    throw new UnsupportedOperationException("freeze: turns of student and teacher are not kept");
  }

  @Override
  public void thaw(PolicyState state) {
    throw new UnsupportedOperationException("thaw: turns of student and teacher are not kept");
  }

  @Override
  public void plan(Observation observation, Plan plan) {
    if (stepsLeft-- <= 0) {
      studentDrives = !studentDrives;
      stepsLeft =
          studentDrives
              ? random.nextInt(STUDENT_STEPS_MIN, STUDENT_STEPS_MAX)
              : random.nextInt(TEACHER_STEPS_MIN, TEACHER_STEPS_MAX);
    }
    driver().plan(observation, plan);
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
