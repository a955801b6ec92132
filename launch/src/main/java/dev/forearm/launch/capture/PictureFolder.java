package dev.forearm.launch.capture;

import boofcv.struct.image.GrayF32;
import dev.forearm.launch.LaunchFailure;
import dev.forearm.runtime.robot.Robot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of pictures and, in a CSV file, how the arm stood at each: a header {@code
 * picture,JOINT,...} with every joint of the robot, then a line a picture, rad or m. What is added
 * is on the disk when the call returns: a line first, which says nothing without its picture.
 */
public final class PictureFolder {
  /** The CSV file of a folder that was filled here. */
  public static final String POSES = "poses.csv";

  private final Path folder;
  private final Robot robot;

  /**
   * Opens a folder to add to, making it if it is missing.
   *
   * @throws LaunchFailure if it cannot be made
   */
  PictureFolder(Path folder, Robot robot) {
    this.folder = folder;
    this.robot = robot;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new LaunchFailure(
          "calibrate: the folder %s cannot be made (%s); name another with --images"
              .formatted(folder, e),
          e);
    }
  }

  /** The pictures that there are, with what is told of the arm; without order of their making. */
  void read(Consumer<Picture> each) {
    try (Stream<Path> all = Files.list(folder)) {
      if (all.noneMatch(PictureFolder::isPicture)) {
        return;
      }
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
    Path poses = folder.resolve(POSES);
    read(folder, Files.exists(poses) ? poses : null, robot, each);
  }

  /**
   * Adds a picture.
   *
   * @param joints how the arm stood, in command order; empty: nobody told
   * @return its name
   */
  String add(GrayF32 gray, double[] joints) {
    int number = 1;
    while (Files.exists(folder.resolve(name(number)))) {
      number++;
    }
    String name = name(number);
    try {
      Path part = Files.createTempFile(folder, "picture", ".part");
      Files.write(part, Picture.png(gray));
      force(part);
      if (joints.length > 0) {
        tell(name, joints);
      }
      Files.move(part, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      return name;
    } catch (IOException e) {
      throw new LaunchFailure(
          "calibrate: picture %s cannot be written into %s (%s); is there space?"
              .formatted(name, folder, e),
          e);
    }
  }

  /** Takes a picture away again; its line stays and says nothing without it. */
  void remove(String name) {
    try {
      Files.delete(folder.resolve(name));
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static String name(int number) {
    return String.format(Locale.ROOT, "%04d.png", number);
  }

  /** The last line of a name is the one that counts. */
  private void tell(String name, double[] joints) throws IOException {
    Path poses = folder.resolve(POSES);
    StringBuilder text = new StringBuilder();
    if (!Files.exists(poses)) {
      text.append("picture,").append(String.join(",", robot.jointNames())).append('\n');
    }
    text.append(name);
    for (double joint : joints) {
      text.append(',').append(joint);
    }
    Files.writeString(
        poses, text.append('\n'), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    force(poses);
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Reads the pictures in the order of their names; those without joints in {@code poses} not. */
  public static void read(Path folder, @Nullable Path poses, Robot robot, Consumer<Picture> each) {
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
      throw unreadable(folder, e);
    }
  }

  private static LaunchFailure unreadable(Path folder, IOException e) {
    return new LaunchFailure(
        "calibrate: the pictures in %s cannot be read (%s)".formatted(folder, e), e);
  }

  private static boolean isPicture(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
  }

  /**
   * Reads how the arm stood, or is to stand, in the order of the lines: each name's last one.
   *
   * @throws LaunchFailure naming the line, if it is no such file or lacks a joint
   */
  static Map<String, double[]> poses(Path file, Robot robot) {
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> header = cells(lines.isEmpty() ? "" : lines.getFirst());
      int[] columns = robot.jointNames().stream().mapToInt(header::indexOf).toArray();
      if (!header.getFirst().equals("picture") || Arrays.stream(columns).anyMatch(c -> c < 0)) {
        throw new LaunchFailure(
            "calibrate: %s begins with %s, wanted picture and %s"
                .formatted(file, header, robot.jointNames()));
      }
      Map<String, double[]> poses = new LinkedHashMap<>();
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
