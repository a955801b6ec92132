package dev.forearm.launch.node;

import dev.forearm.launch.session.RobotSession;
import dev.forearm.launch.session.TaskState;
import dev.forearm.ros.Qos;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.action.ActionGoal;
import dev.forearm.ros.action.ActionServer;
import dev.forearm.ros.action.GoalHandler;
import dev.forearm.ros.action.forearm_msgs.RunTask;
import dev.forearm.ros.action.forearm_msgs.RunTaskFeedback;
import dev.forearm.ros.action.forearm_msgs.RunTaskGoal;
import dev.forearm.ros.action.forearm_msgs.RunTaskResult;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.node.Node;
import dev.forearm.runtime.control.ControlSnapshot;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeOutcome.Result;
import dev.forearm.runtime.episode.EpisodeReport;
import dev.forearm.runtime.safety.SafetyState;
import dev.forearm.sim.node.SimTopics;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The action {@code ~/run_task}: a goal engages the arm and begins an episode, which ends when the
 * task is done, the time is over, the goal is cancelled or the arm is stopped; the arm is then let
 * go. One goal at a time. Where a simulator is heard it says how far the task is. Driven by the
 * run's thread, in its turns.
 */
public final class RunTasks
    implements GoalHandler<RunTaskGoal, RunTaskResult, RunTaskFeedback>, AutoCloseable {
  private static final long FEEDBACK_NANOS = 200_000_000;
  private static final RunTaskResult NOTHING = new RunTaskResult(false, "", "", 0);

  private final RobotSession session;
  private final RunEpisodes episodes;
  private final BooleanSupplier active;
  private final Subscription watch;
  private final ActionServer<RunTaskGoal, RunTaskResult, RunTaskFeedback> server;
  private final AtomicReference<@Nullable Attempt> attempt = new AtomicReference<>();
  private volatile @Nullable TaskState task;

  /** A goal that is taken on. */
  private static final class Attempt {
    final ActionGoal<RunTaskGoal, RunTaskResult, RunTaskFeedback> goal;
    boolean begun;
    boolean ran; // the arm has been engaged in fact
    long startNanos;
    long toldNanos;
    @Nullable TaskState before;

    Attempt(ActionGoal<RunTaskGoal, RunTaskResult, RunTaskFeedback> goal) {
      this.goal = goal;
    }
  }

  /**
   * Serves.
   *
   * @param active whether the node may move the arm
   */
  public RunTasks(Node node, RobotSession session, RunEpisodes episodes, BooleanSupplier active) {
    this.session = session;
    this.episodes = episodes;
    this.active = active;
    watch =
        node.subscribe(
            SimTopics.TASK_STATE,
            DiagnosticStatus.TYPE,
            Qos.DEFAULT,
            (cdr, _) -> task = TaskState.of(DiagnosticStatus.decode(cdr)));
    server =
        new ActionServer<>(
            node.optional(), "~/run_task", RunTask.TYPE, this, node.clock()::now, NOTHING);
  }

  @Override
  public boolean accepts(RunTaskGoal goal) {
    SafetyState state = session.control().board().snapshot().state();
    return goal.seconds() >= 0
        && attempt.get() == null
        && active.getAsBoolean()
        && state != SafetyState.FAULT;
  }

  @Override
  public void begin(ActionGoal<RunTaskGoal, RunTaskResult, RunTaskFeedback> goal) {
    attempt.set(new Attempt(goal));
  }

  /** Begins, looks after and ends a goal. The run's thread. */
  public void turn() {
    Attempt now = attempt.get();
    if (now == null) {
      return;
    }
    long nanos = session.clock().nanos();
    if (!now.begun) {
      start(now, nanos);
      return;
    }
    ControlSnapshot arm = session.control().board().snapshot();
    now.ran |= arm.state() == SafetyState.RUN;
    double seconds = (nanos - now.startNanos) * 1e-9;
    TaskState known = fresh(now);
    double limit = now.goal.goal().seconds();
    if (now.goal.cancelling() || !active.getAsBoolean()) {
      end(now, seconds, EpisodeOutcome.of(Result.ABORTED, "cancelled"));
    } else if (known != null && known.success()) {
      end(now, seconds, EpisodeOutcome.of(Result.SUCCESS, "the task is done"));
    } else if (known != null && known.timedOut()) {
      end(now, seconds, EpisodeOutcome.of(Result.TIMEOUT, "the task's time is over"));
    } else if (now.ran && isStopped(arm.state())) {
      end(now, seconds, EpisodeOutcome.of(Result.ABORTED, arm.reason().meaning()));
    } else if (limit > 0 && seconds >= limit) {
      end(now, seconds, EpisodeOutcome.of(Result.UNKNOWN, "the goal's time is over"));
    } else if (nanos - now.toldNanos >= FEEDBACK_NANOS) {
      now.toldNanos = nanos;
      now.goal.feedback(
          new RunTaskFeedback(
              known == null ? 0 : known.stage(),
              known == null ? 0 : known.stages(),
              arm.state().name(),
              RunTelemetry.foresight(session.policyLoop().statistics())));
    }
  }

  private static boolean isStopped(SafetyState state) {
    return state == SafetyState.STOPPED || state == SafetyState.FAULT;
  }

  private void start(Attempt now, long nanos) {
    EpisodeReport _ =
        episodes.cut(EpisodeOutcome.of(Result.UNKNOWN, "a goal of run_task begins the next"));
    now.begun = true;
    now.startNanos = nanos;
    now.before = task;
    session.policyLoop().requestReset(); // in the recording: a replay starts with it
    session.control().engage();
  }

  /** What the simulator says, but for an episode of it that was over before the goal began. */
  private @Nullable TaskState fresh(Attempt now) {
    TaskState newest = task;
    TaskState before = now.before;
    boolean old =
        newest != null && before != null && before.over() && before.episode() == newest.episode();
    return old ? null : newest;
  }

  private void end(Attempt now, double seconds, EpisodeOutcome outcome) {
    session.control().disengage();
    EpisodeReport report = episodes.cut(outcome);
    RunTaskResult result =
        new RunTaskResult(
            outcome.result() == Result.SUCCESS,
            outcome.detail(),
            report.file().toString(),
            seconds);
    attempt.set(null);
    switch (outcome.result()) {
      case SUCCESS, UNKNOWN -> now.goal.succeed(result);
      default -> {
        if (now.goal.cancelling()) {
          now.goal.cancelled(result);
        } else {
          now.goal.abort(result);
        }
      }
    }
  }

  @Override
  public void close() {
    server.close();
    watch.close();
  }
}
