package dev.forearm.launch.calibrate;

import dev.forearm.calibration.camera.Board;
import dev.forearm.calibration.camera.BoardDetector;
import dev.forearm.calibration.camera.BoardView;
import dev.forearm.calibration.camera.LeftOut;
import dev.forearm.calibration.handeye.Capture;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.launch.capture.Coach;
import dev.forearm.launch.capture.LiveOptions;
import dev.forearm.launch.capture.Picture;
import dev.forearm.launch.capture.PictureFolder;
import dev.forearm.runtime.robot.Robot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where pictures of a board come from, and what board it is. */
final class CaptureOptions {
  @Option(
      names = "--board",
      required = true,
      paramLabel = "BOARD",
      description = "The board: " + Board.FORM + ".")
  private String board = "";

  @Option(names = "--images", paramLabel = "DIR", description = "A folder of PNG or JPEG pictures.")
  private @Nullable Path images;

  @Option(
      names = "--episode",
      paramLabel = "FILE",
      description = "A recorded episode, with --topic; a picture counts wherever the arm rests.")
  private @Nullable Path episode;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Of the camera's images, in the episode or live; raw, or NAME/compressed.")
  private @Nullable String topic;

  @Mixin private LiveOptions live;

  /**
   * What pictures show of the board.
   *
   * @param width of all pictures, px
   * @param height of all pictures, px
   * @param captures views with the arm's joints, which are empty where nobody told them
   * @param withoutBoard pictures in which no board was found
   */
  record Seen(int width, int height, List<Capture> captures, List<LeftOut> withoutBoard) {
    List<BoardView> views() {
      return captures.stream().map(Capture::view).toList();
    }
  }

  Board board() {
    return Board.parse(board);
  }

  /**
   * Looks for the board in all pictures, which with {@code --live} are taken before.
   *
   * @param withArm whether pictures of a folder want the arm's joints beside them
   * @param poses the CSV file of these, or null: the one in the folder
   * @param coach speaks after each that is taken live
   * @throws LaunchFailure if there is no picture, no board in any, or pictures differ in size
   */
  Seen look(Robot robot, boolean withArm, @Nullable Path poses, Coach coach) {
    BoardDetector detector = new BoardDetector(board());
    if (live.live()) {
      take(robot, detector, withArm, coach);
    }
    List<Capture> captures = new ArrayList<>();
    List<LeftOut> without = new ArrayList<>();
    List<Picture> sizes = new ArrayList<>();
    pictures(
        robot,
        poses,
        withArm,
        picture -> {
          Picture first = sizes.isEmpty() ? picture : sizes.getFirst();
          if (picture.gray().width != first.gray().width
              || picture.gray().height != first.gray().height) {
            throw new LaunchFailure(
                "calibrate: picture %s is %s x %s, those before are %s x %s; use pictures of one camera at one size"
                    .formatted(
                        picture.name(),
                        picture.gray().width,
                        picture.gray().height,
                        first.gray().width,
                        first.gray().height));
          }
          sizes.add(picture);
          BoardDetector.Detection found = detector.detect(picture.name(), picture.gray());
          found
              .view()
              .ifPresentOrElse(
                  view -> captures.add(new Capture(picture.joints(), view)),
                  () -> without.add(new LeftOut(picture.name(), "it shows " + found.instead())));
          System.out.printf(
              Locale.ROOT,
              "%s  %s%n",
              picture.name(),
              found.view().map(view -> view.corners().length + " corners").orElse(found.instead()));
        });
    if (captures.isEmpty()) {
      throw new LaunchFailure(
          "calibrate: found no board '%s' in any of %s pictures%s; is it this board, and sharp?"
              .formatted(
                  board,
                  sizes.size(),
                  without.isEmpty() ? "" : ", but " + without.getFirst().why()));
    }
    return new Seen(
        sizes.getFirst().gray().width, sizes.getFirst().gray().height, captures, without);
  }

  private void take(Robot robot, BoardDetector detector, boolean withArm, Coach coach) {
    if (images == null || topic == null) {
      throw new LaunchFailure(
          "calibrate: wanted --images and --topic with --live; name a folder and the camera's topic");
    }
    live.capture(robot, topic, images, detector, withArm, coach);
  }

  private void pictures(
      Robot robot, @Nullable Path poses, boolean withArm, Consumer<Picture> each) {
    Path folder = images;
    Path file = episode;
    if ((folder == null) == (file == null)) {
      throw new LaunchFailure("calibrate: wanted --images or --episode; give one of them");
    }
    if (folder != null) {
      Path beside = folder.resolve(PictureFolder.POSES);
      boolean known = withArm && poses == null && Files.exists(beside);
      PictureFolder.read(folder, known ? beside : poses, robot, each);
      return;
    }
    String from = topic;
    if (file == null || from == null) {
      throw new LaunchFailure("calibrate: wanted --topic with --episode; name the camera's");
    }
    EpisodeSignals.read(file, robot).picturesAtRest(from, each);
  }
}
