package dev.forearm.launch.swap;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.session.Mind;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.models.shelf.ShelfVersion;
import dev.forearm.models.shelf.SwapRecord;
import dev.forearm.models.shelf.SwapRecord.Outcome;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.ffi.LinuxScheduling;
import dev.forearm.runtime.inference.InstalledPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The swap thread's duty. Loads what becomes due on a shelf, hands it to the policy loop, and
 * closes what that hands back:
 *
 * <pre>
 *   settled --due, loaded, fits--&gt; coming --a policy step took it--&gt; on probation --well--&gt; settled
 *      ^                                                                |
 *      +------------------- the one before, kept until then &lt;-----------+ not well
 * </pre>
 *
 * What drives is what is active on the shelf: it writes down each change once it has happened, and
 * puts back what it refuses. Its failure leaves the arm driven as it is.
 */
public final class SwapAgent implements Agent, AutoCloseable {
  private final PolicyShelf shelf;
  private final Function<Path, Mind> loader;
  private final Loops loops;
  private final int probationSteps;
  private final int secondSteps;
  private final SwapListener listener;
  private final ConductMeter meter;
  private final AtomicReference<@Nullable String> asked;
  private final List<Seat> retired = new ArrayList<>(); // to be closed once handed back

  private volatile Seat driving;
  private @Nullable Seat coming;
  private long comingSinceNanos; // when it was asked for
  private int comingSteps; // of its probation
  private @Nullable Seat before; // kept while the one that drives is on probation
  private Probation probation = new Probation(0, Conduct.NONE, Double.NaN);
  private @Nullable String takenBackFor; // the one that drives, for the one that comes
  private @Nullable Object revision; // of the shelf as it was looked at last
  private String trouble = ""; // told already

  /**
   * @param loader loads a bundle for the robot, or throws what is wrong with it
   * @param first drives now: a version of the shelf
   * @param firstMind its mind; closed as all later ones
   * @param probationSteps policy steps for which a new policy is watched; 0: not at all
   * @param secondSteps policy steps in a second
   * @param asked where anyone puts a version's id, or a bundle's place; the newest wish counts
   */
  SwapAgent(
      PolicyShelf shelf,
      Function<Path, Mind> loader,
      Loops loops,
      ShelfVersion first,
      Mind firstMind,
      int probationSteps,
      int secondSteps,
      AtomicReference<@Nullable String> asked,
      SwapListener listener) {
    this.shelf = shelf;
    this.loader = loader;
    this.loops = loops;
    this.probationSteps = probationSteps;
    this.secondSteps = secondSteps;
    this.asked = asked;
    this.listener = listener;
    driving = new Seat(first, firstMind, loops.policy().active());
    meter =
        new ConductMeter(
            loops.policy().statistics(), loops.control(), Math.max(probationSteps, 1), secondSteps);
  }

  /** What drives. Any thread. */
  Mind driving() {
    return driving.mind;
  }

  @Override
  public String name() {
    return "swap";
  }

  @Override
  public void onStart() {
    boolean _ = LinuxScheduling.giveWay();
  }

  @Override
  public int doWork(long nowNanos) {
    try {
      meter.look();
      closeHandedBack();
      arrive();
      judge(nowNanos);
      int done = listen() + look(nowNanos);
      trouble = "";
      return done;
    } catch (RuntimeException e) { // a full disk, an unreadable shelf: the arm is driven as it is
      String now = String.valueOf(e.getMessage());
      if (!now.equals(trouble)) {
        trouble = now;
        listener.trouble(now);
      }
      return 0;
    }
  }

  private void closeHandedBack() {
    for (InstalledPolicy back = loops.policy().pollReplaced();
        back != null;
        back = loops.policy().pollReplaced()) {
      for (Seat seat : retired) {
        seat.handedBack |= seat.installed == back;
      }
      driving.handedBack |= driving.installed == back; // it may have left, unseen yet
      if (before != null) {
        before.handedBack |= before.installed == back;
      }
    }
    retired.removeIf(seat -> {
      if (seat.handedBack) {
        seat.close();
      }
      return seat.handedBack;
    });
  }

  /** Sees whether the policy loop has taken what was installed. */
  private void arrive() {
    Seat now = coming;
    if (now == null || loops.policy().active() != now.installed) {
      return;
    }
    Seat left = driving;
    String why = takenBackFor;
    coming = null;
    takenBackFor = null;
    driving = now;
    if (before != null && before != now) {
      retired.add(before);
    }
    probation = new Probation(comingSteps, meter.overWindow(), meter.worstError());
    meter.restart();
    long step = now.installed.sinceStep();
    double millis = (now.installed.sinceNanos() - comingSinceNanos) * 1e-6;
    if (why == null) {
      before = left;
      settle(now.version, left.version, Outcome.ACTIVE, "", step, millis);
    } else {
      before = null;
      retired.add(left);
      settle(left.version, now.version, Outcome.ROLLED_BACK, why, step, millis);
    }
  }

  /** Looks after a policy on probation. */
  private void judge(long nowNanos) {
    Seat old = before;
    if (old == null || coming != null) {
      return;
    }
    Conduct since = meter.overWindow();
    Optional<String> against =
        probation.none() ? Optional.empty() : probation.against(since, meter.error(), secondSteps);
    if (against.isPresent() && old.handedBack) {
      takenBackFor = against.get();
      come(old, nowNanos);
    } else if (probation.over(since)) {
      before = null;
      retired.add(old);
    }
  }

  /** Takes up what was asked for by topic. */
  private int listen() {
    String wish = asked.getAndSet(null);
    if (wish == null) {
      return 0;
    }
    shelf.want(Policies.onShelf(shelf, wish).id());
    return 1;
  }

  /** Loads what has become due. */
  private int look(long nowNanos) {
    if (coming != null) {
      return 0;
    }
    Object now = shelf.revision();
    if (now.equals(revision)) {
      return 0;
    }
    revision = now;
    Optional<ShelfVersion> due =
        shelf.due().filter(version -> !version.id().equals(driving.version.id()));
    if (due.isEmpty()) {
      return 0;
    }
    load(due.get(), shelf.changedAt(), nowNanos);
    return 1;
  }

  private void load(ShelfVersion version, Instant asked, long nowNanos) {
    long askedNanos = nowNanos - Duration.between(asked, Instant.now()).toNanos();
    boolean rolledBack = !shelf.stands(driving.version.id()); // by a person, whose word it is
    comingSteps = rolledBack ? 0 : probationSteps;
    Seat old = before;
    if (old != null && old.version.id().equals(version.id()) && old.handedBack) {
      before = null;
      come(old, askedNanos); // a person takes the new one back: the old one is still here
      return;
    }
    @Nullable Mind mind = null;
    try {
      mind = loader.apply(shelf.bundle(version));
      Optional<String> misfit = mind.policy().spec().misfit(driving.mind.policy().spec());
      if (misfit.isPresent()) {
        throw new LaunchFailure(
            "%s; it cannot take over while %s runs: start anew with it"
                .formatted(misfit.get(), driving.version.id()));
      }
      come(new Seat(version, mind, loops.fit().apply(mind)), askedNanos);
    } catch (RuntimeException e) { // whatever a damaged bundle makes of the libraries that read it
      if (mind != null) {
        mind.close();
      }
      double millis = Duration.between(asked, Instant.now()).toNanos() * 1e-6;
      settle(version, driving.version, Outcome.REFUSED, String.valueOf(e.getMessage()), 0, millis);
    }
  }

  private void come(Seat seat, long askedNanos) {
    seat.handedBack = false;
    coming = seat;
    comingSinceNanos = askedNanos;
    loops.policy().install(seat.installed);
  }

  private void settle(
      ShelfVersion version,
      ShelfVersion other,
      Outcome outcome,
      String reason,
      long step,
      double millis) {
    SwapRecord swap = shelf.settle(version, other, outcome, reason, step, millis);
    listener.settled(swap, driving.version);
  }

  /** Closes every policy, after the loops and this agent have ended. */
  @Override
  public void close() {
    closeIfAny(coming);
    closeIfAny(before);
    retired.forEach(Seat::close);
    driving.close();
  }

  private static void closeIfAny(@Nullable Seat seat) {
    if (seat != null) {
      seat.close();
    }
  }
}
