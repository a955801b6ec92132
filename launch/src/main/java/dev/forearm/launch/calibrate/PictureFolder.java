package dev.forearm.launch.calibrate;

import dev.forearm.launch.LaunchFailure;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures and, in a CSV file, how the arm stood at each: a header {@code
 * picture,JOINT,...} with every joint of the robot, then a line a picture, rad or m.
 */
final class PictureFolder {
  private PictureFolder() {}

  /** Reads the pictures in the order of their names; those without joints in {@code poses} not. */
  static void read(Path folder, @Nullable Path poses, Robot robot, Consumer<Picture> each) {
    Map<String, double[]> joints = poses == null ? Map.of() : poses(poses, robot);
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files = all.filter(PictureFolder::isPicture).sorted().toList();
      if (files.isEmpty()) {
        throw new LaunchFailure(
            "calibrate: found no *.png or *.jpg in %s; name the folder of the pictures"
                .formatted(folder));
      }
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        double[] at = joints.getOrDefault(name, new double[0]);
        if (poses == null || at.length > 0) {
          each.accept(new Picture(name, Picture.decode(name, Files.readAllBytes(file)), at));
        }
      }
    } catch (IOException e) {
      throw new LaunchFailure(
          "calibrate: the pictures in %s cannot be read (%s)".formatted(folder, e), e);
    }
  }

  private static boolean isPicture(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  private static Map<String, double[]> poses(Path file, Robot robot) {
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> header = cells(lines.isEmpty() ? "" : lines.getFirst());
      int[] columns = robot.jointNames().stream().mapToInt(header::indexOf).toArray();
      if (!header.getFirst().equals("picture") || Arrays.stream(columns).anyMatch(c -> c < 0)) {
        throw new LaunchFailure(
            "calibrate: %s begins with %s, wanted picture and %s"
                .formatted(file, header, robot.jointNames()));
      }
      Map<String, double[]> poses = new HashMap<>();
      for (int i = 1; i < lines.size(); i++) {
        List<String> cells = cells(lines.get(i));
        if (cells.size() != header.size()) {
          throw new LaunchFailure(
              "calibrate: line %s of %s has %s cells, wanted %s"
                  .formatted(i + 1, file, cells.size(), header.size()));
        }
        poses.put(
            cells.getFirst(),
            Arrays.stream(columns).mapToDouble(c -> Double.parseDouble(cells.get(c))).toArray());
      }
      return poses;
    } catch (IOException e) {
      throw new LaunchFailure("calibrate: %s cannot be read (%s)".formatted(file, e), e);
    } catch (NumberFormatException e) {
      throw new LaunchFailure(
          "calibrate: %s: %s; wanted numbers".formatted(file, e.getMessage()), e);
    }
  }

  private static List<String> cells(String line) {
    return Stream.of(line.split(",", -1)).map(String::strip).toList();
  }
}
