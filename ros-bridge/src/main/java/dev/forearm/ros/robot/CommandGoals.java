package dev.forearm.ros.robot;

import dev.forearm.ros.Endpoint;
import dev.forearm.ros.RosTransport;
import dev.forearm.runtime.agent.Agent;
import dev.forearm.runtime.agent.Rest;
import dev.forearm.runtime.robot.CommandRoute;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.signal.SignalReading;
import dev.forearm.runtime.signal.SignalSlot;
import java.util.List;
import java.util.Optional;

/**
 * Sends the commands of those joint groups that take goals of actions. It looks on, so neither the
 * control thread nor the commands of other groups wait for a server; in real time it has a thread
 * of its own.
 */
public final class CommandGoals implements Agent, AutoCloseable {
  private static final long REST_NANOS = 2_000_000;

  private final SignalSlot commands;
  private final SignalReading command;
  private final List<GoalSender<?, ?, ?>> senders;
  private long seen;

  private CommandGoals(SignalSlot commands, List<GoalSender<?, ?, ?>> senders) {
    this.commands = commands;
    this.senders = senders;
    command = new SignalReading(commands.width());
  }

  /** Empty where no joint group takes goals. */
  static Optional<CommandGoals> of(Robot robot, SignalSlot commands, RosTransport transport) {
    List<GoalSender<?, ?, ?>> senders =
        robot.groups().stream()
            .filter(group -> group.command() instanceof CommandRoute.Goals)
            .<GoalSender<?, ?, ?>>map(group -> GoalSender.of(robot, group, transport))
            .toList();
    return senders.isEmpty() ? Optional.empty() : Optional.of(new CommandGoals(commands, senders));
  }

  /** Who sends goals of each action, or could, this process included. Any thread. */
  List<List<Endpoint>> clients() {
    return senders.stream().map(GoalSender::clients).toList();
  }

  /** Between looks. */
  public static Rest rest() {
    return Rest.forNanos(REST_NANOS);
  }

  @Override
  public String name() {
    return "goals";
  }

  @Override
  public int doWork(long nowNanos) {
    if (commands.read(command) && command.sequence() != seen) {
      seen = command.sequence();
      senders.forEach(sender -> sender.command(command.values(), nowNanos));
    }
    senders.forEach(sender -> sender.turn(nowNanos));
    return 0;
  }

  /** What grippers are still doing, they stop doing. */
  @Override
  public void onClose() {
    senders.forEach(GoalSender::stop);
  }

  @Override
  public void close() {
    senders.forEach(GoalSender::close);
  }
}
