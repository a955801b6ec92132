package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.Message;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.ServiceClient;
import dev.forearm.ros.ServiceType;
import dev.forearm.ros.Subscription;
import dev.forearm.ros.action.ActionClient;
import dev.forearm.ros.action.forearm_msgs.RunTask;
import dev.forearm.ros.action.forearm_msgs.RunTaskFeedback;
import dev.forearm.ros.action.forearm_msgs.RunTaskGoal;
import dev.forearm.ros.action.forearm_msgs.RunTaskResult;
import dev.forearm.ros.dds.CycloneTransport;
import dev.forearm.ros.dds.DdsOptions;
import dev.forearm.ros.dds.FreeDomain;
import dev.forearm.ros.msg.action_msgs.GoalStatus;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticArray;
import dev.forearm.ros.msg.diagnostic_msgs.DiagnosticStatus;
import dev.forearm.ros.msg.forearm_msgs.PolicyStatus;
import dev.forearm.ros.msg.geometry_msgs.Quaternion;
import dev.forearm.ros.msg.geometry_msgs.TransformStamped;
import dev.forearm.ros.msg.geometry_msgs.Vector3;
import dev.forearm.ros.msg.lifecycle_msgs.Transition;
import dev.forearm.ros.msg.tf2_msgs.TFMessage;
import dev.forearm.ros.srv.forearm_msgs.LabelEpisode;
import dev.forearm.ros.srv.forearm_msgs.LabelEpisodeRequest;
import dev.forearm.ros.srv.forearm_msgs.RecordEpisode;
import dev.forearm.ros.srv.forearm_msgs.RecordEpisodeRequest;
import dev.forearm.ros.srv.forearm_msgs.RecordEpisodeResponse;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeState;
import dev.forearm.ros.srv.lifecycle_msgs.ChangeStateRequest;
import dev.forearm.ros.srv.lifecycle_msgs.GetState;
import dev.forearm.ros.srv.lifecycle_msgs.GetStateRequest;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code forearm run} as others meet it in ROS 2: a node with a life, services and an action. */
class RunNodeTest {
  private static final int DOMAIN = FreeDomain.take();
  private static final Map<String, String> ENVIRONMENT = Forearm.domain(DOMAIN);

  @TempDir private Path folder;

  private final AtomicReference<@Nullable PolicyStatus> status = new AtomicReference<>();
  private final AtomicReference<@Nullable DiagnosticArray> diagnostics = new AtomicReference<>();

  private final AtomicReference<@Nullable TFMessage> frames = new AtomicReference<>();

  private static <Q extends Message, A extends Message> A ask(
      RosTransport transport, Forearm run, String service, ServiceType<Q, A> type, Q request)
      throws Exception {
    try (ServiceClient<Q, A> client = transport.client("/left/arm_1/" + service, type)) {
      run.await(service, client::available);
      return client.call(request).get(60, TimeUnit.SECONDS);
    }
  }

  private static boolean change(RosTransport transport, Forearm run, String transition)
      throws Exception {
    return ask(
            transport,
            run,
            "change_state",
            ChangeState.TYPE,
            new ChangeStateRequest(new Transition((byte) 0, transition)))
        .success();
  }

  private static String state(RosTransport transport, Forearm run) throws Exception {
    return ask(transport, run, "get_state", GetState.TYPE, new GetStateRequest((byte) 0))
        .currentState()
        .label();
  }

  private Path calibration() throws IOException {
    return Files.writeString(
        folder.resolve("calibration.yaml"),
        """
        robot: tabletop
        measured: 2026-11-28
        transforms:
          - {to: panda_link0, from: scene_camera, origin_m: [0.5, -0.25, 0.75], rotation_wxyz: [0, 0, 1, 0]}
        """);
  }

  private String arm() {
    PolicyStatus known = status.get();
    return known == null ? "" : known.state();
  }

  private Optional<DiagnosticStatus> diagnosed(String part) {
    DiagnosticArray known = diagnostics.get();
    return known == null
        ? Optional.empty()
        : known.status().stream().filter(s -> s.name().equals("arm_1: " + part)).findFirst();
  }

  @Test
  void aRunIsLedThroughItsLifeAndDoesWhatItIsAskedFor() throws Exception {
    try (Forearm _ = Forearm.start(folder, ENVIRONMENT, "sim", "--no-cameras", "--seed", "3");
        Forearm run =
            Forearm.start(
                folder,
                ENVIRONMENT,
                "run",
                "--robot=tabletop",
                "--bundle=expert",
                "--out=episodes",
                "--calibration=" + calibration(),
                "--ros-args",
                "-r",
                "__node:=arm_1",
                "-r",
                "__ns:=/left",
                "-p",
                "autostart:=false",
                "-p",
                "mistyped:=1");
        RosTransport transport =
            new CycloneTransport(
                DdsOptions.loopback(DOMAIN), new MonotonicClock(), (agent, failure) -> {});
        Subscription _ =
            transport.subscribe(
                "/left/arm_1/policy_status",
                PolicyStatus.TYPE,
                Qos.LATCHED,
                (cdr, _) -> status.set(PolicyStatus.decode(cdr)));
        Subscription _ =
            transport.subscribe(
                "/diagnostics",
                DiagnosticArray.TYPE,
                Qos.DEFAULT,
                (cdr, _) -> diagnostics.set(DiagnosticArray.decode(cdr)));
        Subscription _ =
            transport.subscribe(
                "/tf_static",
                TFMessage.TYPE,
                Qos.LATCHED,
                (cdr, _) -> frames.set(TFMessage.decode(cdr)))) {
      assertEquals("unconfigured", state(transport, run));
      assertFalse(change(transport, run, "activate"));
      assertTrue(change(transport, run, "configure"));
      run.await("its status", () -> arm().equals("IDLE"));
      assertTrue(run.output().contains("mistyped"), run::output);
      run.await("the calibrated camera", () -> frames.get() != null);
      TransformStamped camera = Objects.requireNonNull(frames.get()).transforms().getFirst();
      assertEquals("panda_link0", camera.header().frameId());
      assertEquals("scene_camera", camera.childFrameId());
      assertEquals(new Vector3(0.5, -0.25, 0.75), camera.transform().translation());
      assertEquals(new Quaternion(0, 1, 0, 0), camera.transform().rotation());
      assertTrue(change(transport, run, "activate"));
      run.await("the arm", () -> arm().equals("RUN"));
      run.await(
          "diagnostics",
          () ->
              diagnosed("safety").filter(s -> s.message().startsWith("RUN")).isPresent()
                  && diagnosed("control").isPresent()
                  && diagnosed("inference").isPresent()
                  && diagnosed("foresight").isPresent()
                  && diagnosed("recorder").isPresent()
                  && diagnosed("policy").isPresent());

      RecordEpisodeResponse cut =
          ask(
              transport,
              run,
              "record_episode",
              RecordEpisode.TYPE,
              new RecordEpisodeRequest(RecordEpisodeRequest.CUT));
      assertTrue(cut.success(), cut::message);
      Path episode = folder.resolve(cut.file());
      assertTrue(Files.exists(episode), cut::file);
      assertTrue(
          ask(transport, run, "label_episode", LabelEpisode.TYPE, new LabelEpisodeRequest("", true))
              .success());
      assertFalse(
          ask(
                  transport,
                  run,
                  "label_episode",
                  LabelEpisode.TYPE,
                  new LabelEpisodeRequest("../elsewhere.mcap", true))
              .success());

      assertTrue(change(transport, run, "deactivate"));
      run.await("its rest", () -> arm().equals("IDLE"));
      assertTrue(change(transport, run, "activate"));
      runTask(transport, run);
      assertTrue(change(transport, run, "deactivate"));
      assertTrue(change(transport, run, "cleanup"));
      assertEquals("unconfigured", state(transport, run));
      assertTrue(change(transport, run, "configure")); // and again
      assertTrue(change(transport, run, "shutdown"));
      assertEquals(0, run.exitCode(), run::output);
    }
  }

  private void runTask(RosTransport transport, Forearm run) throws Exception {
    try (ActionClient<RunTaskGoal, RunTaskResult, RunTaskFeedback> client =
        new ActionClient<>(transport, "/left/arm_1/run_task", RunTask.TYPE)) {
      run.await("the action", client::available);
      AtomicReference<@Nullable RunTaskFeedback> feedback = new AtomicReference<>();
      var accepted = client.send(new RunTaskGoal(0), feedback::set).get(60, TimeUnit.SECONDS);
      run.await("feedback", () -> feedback.get() != null);
      assertTrue(accepted.cancel().get(60, TimeUnit.SECONDS));
      var ended = accepted.end().get(60, TimeUnit.SECONDS);
      assertEquals(GoalStatus.STATUS_CANCELED, ended.status());
      assertFalse(ended.result().success());
      assertTrue(Files.exists(folder.resolve(ended.result().episodeFile())), run::output);
      run.await("its rest", () -> arm().equals("IDLE"));
    }
  }
}
