package dev.forearm.datasets.lerobot;

import dev.forearm.datasets.DatasetFault;
import dev.forearm.datasets.ImportedEpisode;
import dev.forearm.datasets.video.VideoReader;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.sensor_msgs.Image;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.robot.CommandEncoder;
import dev.forearm.runtime.report.Json;
import dev.forearm.runtime.robot.JointGroup;
import dev.forearm.runtime.robot.Robot;
import dev.forearm.runtime.robot.UnitMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a LeRobotDataset v3.0 into episodes of a robot, one MCAP file each: states on the topics of
 * the robot's joint states, actions as the commands of its joint groups, in the form in which it is
 * commanded, videos as rgb8 pictures. Times count from one second of the clock on, at the dataset's
 * rate. On the caller's thread.
 */
public final class LeRobotImport {
  private static final long START_NANOS = 1_000_000_000;

  /** What LeRobot's own robots add to a joint's name, of which they speak in units of their own. */
  private static final String SAID = ".pos";

  private final Path root;
  private final Robot robot;
  private final Path target;
  private final Map<?, ?> info;
  private final Map<?, ?> features;
  private final double fps;
  private final Positions states;
  private final Positions actions;
  private final List<CommandEncoder> commands; // one a joint group
  private final Map<String, String> cameras = new LinkedHashMap<>(); // topics by feature

  /** Videos that are read from start to end, as episodes follow each other in them. */
  private final Map<String, OpenVideo> videos = new HashMap<>();

  private record OpenVideo(Path path, VideoReader reader) {}

  /**
   * How a feature holds the joints' positions.
   *
   * @param places in its list of each of the robot's joints
   * @param units of each, empty: rad or m
   */
  @SuppressWarnings("ArrayRecordComponent") // held, never compared
  private record Positions(int[] places, List<Optional<UnitMap>> units) {
    /** In the robot's order, rad or m. */
    double[] of(Array list) throws SQLException {
      Object[] values = (Object[]) list.getArray();
      double[] positions = new double[places.length];
      for (int i = 0; i < places.length; i++) {
        double number = ((Number) values[places[i]]).doubleValue();
        positions[i] = units.get(i).map(unit -> unit.toPosition(number)).orElse(number);
      }
      return positions;
    }
  }

  /** A row of the table of episodes. */
  private record Row(
      int index, String task, long from, long to, Map<String, Path> videos, boolean success) {}

  /**
   * @param root of the dataset
   * @param target folder for the episodes
   * @throws DatasetFault if it is no such dataset, or not of this robot
   */
  public LeRobotImport(Path root, Robot robot, Path target) {
    this.root = root;
    this.robot = robot;
    this.target = target;
    info = readInfo(root);
    if (!Layout.VERSION.equals(info.get("codebase_version"))) {
      throw new DatasetFault(
          "import %s: found version %s, wanted %s; convert it with LeRobot's convert_dataset_v21_to_v30"
              .formatted(root, info.get("codebase_version"), Layout.VERSION));
    }
    features = map(info, "features");
    fps = ((Number) value(info, "fps")).doubleValue();
    states = positions(Layout.STATE);
    actions = positions(Layout.ACTION);
    commands = CommandEncoder.of(robot);
    features.forEach((feature, shape) -> {
      if (shape instanceof Map<?, ?> video && "video".equals(video.get("dtype"))) {
        cameras.put(feature.toString(), topic(feature.toString()));
      }
    });
  }

  /** Whether a folder looks like one. */
  public static boolean isDataset(Path root) {
    return Files.exists(Layout.info(root));
  }

  private static Map<?, ?> readInfo(Path root) {
    try {
      if (Json.read(Files.readString(Layout.info(root))) instanceof Map<?, ?> info) {
        return info;
      }
      throw new DatasetFault("import %s: meta/info.json is no object".formatted(root));
    } catch (IOException e) {
      throw new DatasetFault(
          "import %s: cannot read meta/info.json (%s); name a LeRobot dataset's folder"
              .formatted(root, e.getMessage()),
          e);
    }
  }

  private static Object value(Map<?, ?> json, String key) {
    Object value = json.get(key);
    if (value == null) {
      throw new DatasetFault("import: meta/info.json has no '%s'".formatted(key));
    }
    return value;
  }

  private static Map<?, ?> map(Map<?, ?> json, String key) {
    return (Map<?, ?>) value(json, key);
  }

  /** Names of a vector's numbers; older datasets have them in a map of one entry. */
  private static List<String> names(Map<?, ?> feature) {
    Object names = value(feature, "names");
    Object list = names instanceof Map<?, ?> map ? map.values().iterator().next() : names;
    return ((List<?>) list).stream().map(Object::toString).toList();
  }

  private Positions positions(String feature) {
    List<String> names = names(map(features, feature));
    int[] places = new int[robot.jointCount()];
    List<Optional<UnitMap>> units = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      places[i] = place(robot.jointNames().get(i), feature, names);
      boolean said = names.get(places[i]).endsWith(SAID);
      units.add(said ? robot.joints().get(i).unitMap() : Optional.empty());
    }
    return new Positions(places, units);
  }

  private int place(String joint, String feature, List<String> names) {
    int place = Math.max(names.indexOf(joint), names.indexOf(joint + SAID));
    if (place < 0) {
      throw new DatasetFault(
          "import %s: robot '%s' has a joint '%s', the dataset's %s has %s; name its robot's file with --robot"
              .formatted(root, robot.name(), joint, feature, names));
    }
    return place;
  }

  /** The robot's own camera of that name, else one that is named after the feature. */
  private String topic(String feature) {
    return robot.topics().images().stream()
        .filter(topic -> Layout.feature(topic).equals(feature) && !topic.endsWith("/compressed"))
        .findFirst()
        .orElse("/" + feature.substring(feature.lastIndexOf('.') + 1) + "/image_raw");
  }

  /**
   * Imports all episodes.
   *
   * @param said told of each episode in a line
   * @return how many
   */
  public int run(Consumer<String> said) {
    try (Tables tables = new Tables()) {
      List<Row> rows = rows(tables);
      for (Row row : rows) {
        Path file = write(tables, row);
        said.accept("%s: %s frames".formatted(file.getFileName(), row.to - row.from));
      }
      return rows.size();
    } catch (IOException | SQLException e) {
      throw new DatasetFault("import %s: %s".formatted(root, e.getMessage()), e);
    } finally {
      videos.values().forEach(video -> video.reader.close());
    }
  }

  private List<Row> rows(Tables tables) throws SQLException {
    boolean judged = features.containsKey(Layout.SUCCESS);
    List<Row> rows = new ArrayList<>();
    String sql =
        "SELECT * FROM read_parquet(%s, union_by_name = true) ORDER BY episode_index"
            .formatted(Tables.text(root + "/meta/episodes/*/*.parquet"));
    try (Statement statement = tables.database().createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        Map<String, Path> files = new LinkedHashMap<>();
        for (String feature : cameras.keySet()) {
          String path = value(info, "video_path").toString().replace("{video_key}", feature);
          files.put(feature, root.resolve(filled(path, found, "videos/" + feature)));
        }
        Array tasks = found.getArray("tasks");
        rows.add(
            new Row(
                found.getInt("episode_index"),
                ((Object[]) tasks.getArray())[0].toString(),
                found.getLong("dataset_from_index"),
                found.getLong("dataset_to_index"),
                files,
                judged && succeeded(tables, found.getInt("episode_index"))));
      }
    }
    return rows;
  }

  private static String filled(String template, ResultSet row, String kind) throws SQLException {
    return template
        .replace("{chunk_index:03d}", three(row.getInt(kind + "/chunk_index")))
        .replace("{file_index:03d}", three(row.getInt(kind + "/file_index")));
  }

  private static String three(int number) {
    return String.format(Locale.ROOT, "%03d", number);
  }

  private String data() {
    return "read_parquet(%s)".formatted(Tables.text(root + "/data/*/*.parquet"));
  }

  private boolean succeeded(Tables tables, int episode) throws SQLException {
    String sql =
        "SELECT bool_or(%s) FROM %s WHERE episode_index = %s"
            .formatted(Tables.name(Layout.SUCCESS), data(), episode);
    try (Statement statement = tables.database().createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      return found.next() && found.getBoolean(1);
    }
  }

  private Path write(Tables tables, Row row) throws IOException, SQLException {
    String name =
        String.format(Locale.ROOT, "%s-%06d", root.toAbsolutePath().getFileName(), row.index);
    try (ImportedEpisode episode = new ImportedEpisode(target, name, row.task, robot, root)) {
      String sql =
          "SELECT %s, %s FROM %s WHERE episode_index = %s ORDER BY frame_index"
              .formatted(Tables.name(Layout.STATE), Tables.name(Layout.ACTION), data(), row.index);
      try (Statement statement = tables.database().createStatement();
          ResultSet found = statement.executeQuery(sql)) {
        for (long frame = 0; found.next(); frame++) {
          long nanos = START_NANOS + Math.round(frame * 1e9 / fps);
          tell(episode, nanos, states.of(found.getArray(1)));
          double[] command = actions.of(found.getArray(2));
          for (CommandEncoder group : commands) {
            episode.write(group.topic(), group.message(command), nanos);
          }
          for (String feature : cameras.keySet()) {
            picture(episode, nanos, feature, row.videos.get(feature));
          }
        }
      }
      episode.complete(row.success ? "success" : "unknown");
      return episode.keep();
    }
  }

  private void tell(ImportedEpisode episode, long nanos, double[] state) throws IOException {
    double[] none = {};
    Header header = new Header(time(nanos), "");
    Map<String, List<String>> told = new LinkedHashMap<>(); // groups may share a topic
    for (JointGroup group : robot.groups()) {
      told.computeIfAbsent(group.states(), _ -> new ArrayList<>()).addAll(group.joints());
    }
    for (Map.Entry<String, List<String>> topic : told.entrySet()) {
      List<String> joints = topic.getValue();
      double[] positions = joints.stream().mapToDouble(j -> state[robot.jointIndex(j)]).toArray();
      episode.write(topic.getKey(), new JointState(header, joints, positions, none, none), nanos);
    }
  }

  private void picture(ImportedEpisode episode, long nanos, String feature, @Nullable Path path)
      throws IOException {
    OpenVideo video = videos.get(feature);
    if (path != null && (video == null || !video.path.equals(path))) {
      if (video != null) {
        video.reader.close();
      }
      video = new OpenVideo(path, new VideoReader(path));
      videos.put(feature, video);
    }
    byte[] rgb = video == null ? null : video.reader.next();
    if (video == null || rgb == null) {
      throw new DatasetFault("import %s: the video has fewer frames than the data".formatted(path));
    }
    int width = video.reader.width();
    Header header = new Header(time(nanos), feature);
    Image image = new Image(header, video.reader.height(), width, "rgb8", (byte) 0, 3 * width, rgb);
    episode.write(cameras.getOrDefault(feature, feature), image, nanos);
  }

  private static Time time(long nanos) {
    return new Time((int) (nanos / 1_000_000_000), (int) (nanos % 1_000_000_000));
  }
}
