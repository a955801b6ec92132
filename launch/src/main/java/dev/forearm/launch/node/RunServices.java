package dev.forearm.launch.node;

import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.node.Node;
import dev.forearm.ros.srv.forearm_msgs.LabelEpisode;
import dev.forearm.ros.srv.forearm_msgs.LabelEpisodeRequest;
import dev.forearm.ros.srv.forearm_msgs.LabelEpisodeResponse;
import dev.forearm.ros.srv.forearm_msgs.RecordEpisode;
import dev.forearm.ros.srv.forearm_msgs.RecordEpisodeRequest;
import dev.forearm.ros.srv.forearm_msgs.RecordEpisodeResponse;
import dev.forearm.runtime.RuntimeFault;
import dev.forearm.runtime.episode.EpisodeLabels;
import dev.forearm.runtime.episode.EpisodeOutcome;
import dev.forearm.runtime.episode.EpisodeReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a run is asked about its episodes:
 *
 * <pre>
 *   ~/record_episode  forearm_msgs/srv/RecordEpisode  keep what just happened, or begin the next
 *   ~/label_episode   forearm_msgs/srv/LabelEpisode   how one went
 * </pre>
 *
 * Asked on the service thread, done by the run's own in its turns.
 */
public final class RunServices implements AutoCloseable {
  private static final int MOST_WAITING = 16;

  private final RunEpisodes episodes;
  private final Path folder;
  private final List<ServiceServer> servers;
  private final Queue<Runnable> asked = new ArrayBlockingQueue<>(MOST_WAITING);
  private @Nullable Path newest; // complete episode

  /**
   * Serves, where the transport can: the arm is driven without as well.
   *
   * @param folder that the episodes are in
   */
  public RunServices(Node node, RunEpisodes episodes, Path folder) {
    RosTransport transport = node.optional();
    this.episodes = episodes;
    this.folder = folder;
    servers =
        List.of(
            transport.serve(
                "~/record_episode",
                RecordEpisode.TYPE,
                (request, reply) -> {
                  if (!asked.offer(() -> reply.accept(record(request)))) {
                    reply.accept(new RecordEpisodeResponse(false, "too much is asked at once", ""));
                  }
                }),
            transport.serve(
                "~/label_episode",
                LabelEpisode.TYPE,
                (request, reply) -> {
                  if (!asked.offer(() -> reply.accept(label(request)))) {
                    reply.accept(new LabelEpisodeResponse(false, "too much is asked at once"));
                  }
                }));
  }

  /** Does one thing that was asked for, if anything was. The run's thread. */
  public void turn() {
    Runnable next = asked.poll();
    if (next != null) {
      next.run();
    }
  }

  private RecordEpisodeResponse record(RecordEpisodeRequest request) {
    Optional<EpisodeReport> report =
        switch (request.what()) {
          case RecordEpisodeRequest.KEEP -> episodes.keep();
          case RecordEpisodeRequest.CUT ->
              Optional.of(
                  episodes.cut(EpisodeOutcome.of(EpisodeOutcome.Result.UNKNOWN, "cut by service")));
          default -> Optional.empty();
        };
    if (report.isEmpty()) {
      return new RecordEpisodeResponse(
          false, "nothing is remembered; start with --keep-seconds, or ask for 1 (CUT)", "");
    }
    newest = report.get().file();
    return new RecordEpisodeResponse(
        report.get().messages() > 0, report.get().reason(), newest.toString());
  }

  private LabelEpisodeResponse label(LabelEpisodeRequest request) {
    Path file = request.file().isEmpty() ? newest : folder.resolve(request.file()).normalize();
    if (file == null) {
      return new LabelEpisodeResponse(false, "no episode is complete yet; name a file");
    }
    boolean ours = file.startsWith(folder.normalize()) && file.toString().endsWith(".mcap");
    if (!ours || !Files.isRegularFile(file)) {
      return new LabelEpisodeResponse(
          false, "'%s' is no episode in %s".formatted(request.file(), folder));
    }
    try {
      new EpisodeLabels(Optional.of(request.success()), List.of()).write(file);
      return new LabelEpisodeResponse(true, file.toString());
    } catch (RuntimeFault fault) {
      return new LabelEpisodeResponse(false, String.valueOf(fault.getMessage()));
    }
  }

  @Override
  public void close() {
    servers.forEach(ServiceServer::close);
  }
}
