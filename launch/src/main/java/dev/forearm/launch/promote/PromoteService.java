package dev.forearm.launch.promote;

import dev.forearm.launch.House;
import dev.forearm.models.shelf.PolicyShelf;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceServer;
import dev.forearm.ros.srv.forearm_msgs.Promote;
import dev.forearm.ros.srv.forearm_msgs.PromoteRequest;
import dev.forearm.ros.srv.forearm_msgs.PromoteResponse;
import dev.forearm.runtime.report.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * {@code forearm promote} as a service, answered once the candidate drives or does not. It judges
 * in a process of its own, at a low priority, so that the arm's loops share neither garbage
 * collector nor heap with it; one candidate at a time.
 */
public final class PromoteService implements AutoCloseable {
  private final PolicyShelf shelf;
  private final String robot;
  private final List<Path> trusted;
  private final List<String> driving;
  private final ServiceServer server;
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile @Nullable Process judge;

  /**
   * Serves.
   *
   * @param name of the service
   * @param shelf that the robot drives from, watched
   * @param robot as {@code --robot} names it
   * @param trusted public keys of which one has to have signed; none: anyone
   * @param driving arguments that say how the robot drives
   */
  public PromoteService(
      RosTransport node,
      String name,
      PolicyShelf shelf,
      String robot,
      List<Path> trusted,
      List<String> driving) {
    this.shelf = shelf;
    this.robot = robot;
    this.trusted = List.copyOf(trusted);
    this.driving = List.copyOf(driving);
    server =
        node.serve(
            name,
            Promote.TYPE,
            (request, reply) -> {
              if (!busy.compareAndSet(false, true)) {
                reply.accept(failed("another candidate is being judged"));
                return;
              }
              Thread _ =
                  Thread.ofVirtual()
                      .name("promote service")
                      .start(() -> {
                        PromoteResponse answer = answer(request);
                        busy.set(false);
                        reply.accept(answer);
                      });
            });
  }

  private static PromoteResponse failed(String message) {
    return new PromoteResponse(false, "failed", message);
  }

  private PromoteResponse answer(PromoteRequest request) {
    try {
      Path result = Files.createTempFile("promote", ".json");
      try {
        return judged(request, result);
      } finally {
        Files.deleteIfExists(result);
      }
    } catch (IOException e) {
      return failed(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failed("interrupted");
    }
  }

  private PromoteResponse judged(PromoteRequest request, Path result)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(House.commandLine(arguments(request, result)))
            .redirectErrorStream(true)
            .start();
    judge = process;
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    String json = Files.readString(result);
    if (json.isBlank()) { // it could not judge, and its last line says why
      return failed(said.lines().reduce("exit code " + exit, (_, last) -> last));
    }
    Map<?, ?> report = (Map<?, ?>) Objects.requireNonNull(Json.read(json.strip()));
    String reason = String.valueOf(report.get("reason"));
    Object swap = report.get("swap");
    return new PromoteResponse(
        exit == 0,
        String.valueOf(report.get("decision")),
        swap == null ? reason : reason + "; " + said.lines().reduce("", (_, last) -> last));
  }

  private List<String> arguments(PromoteRequest request, Path result) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "promote",
                "--into=" + shelf.folder(),
                "--robot=" + robot,
                "--json=" + result,
                "--episodes-max=" + Integer.toUnsignedString(Math.max(1, request.episodesMax()))));
    arguments.addAll(driving);
    trusted.forEach(key -> arguments.add("--trusted=" + key));
    request.logs().forEach(place -> arguments.add("--logs=" + place));
    if (request.episodesMax() == 0) {
      arguments.add("--no-evaluation");
    }
    if (request.acceptUnproven()) {
      arguments.add("--accept-unproven");
    }
    arguments.addAll(List.of("--", request.candidate()));
    return arguments;
  }

  @Override
  public void close() {
    server.close();
    Process process = judge;
    if (process != null) {
      process.destroy();
    }
  }
}
