package dev.forearm.launch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the real {@code forearm} script in a small house whose tools only write down their calls.
 */
final class ForearmScriptTest {
  private static final Path SCRIPT = Path.of("..", "forearm").toAbsolutePath().normalize();

  /** Puts one jar where the script asked for the program; tests are asked for without a place. */
  private static final String BUILD =
      """
      for option; do case $option in -Dprogram.folder=*) place=${option#*=} ;; esac; done
      if [ -n "${place:-}" ]; then mkdir -p "$place"; touch "$place/a.jar"; sleep 0.3; fi\
      """;

  private static final Map<String, String> LIBRARIES =
      Map.of("FOREARM_DDSC_LIB", "/dev/null", "FOREARM_MUJOCO_LIB", "/dev/null");

  @TempDir private Path folder;
  private Path house;
  private Path tools;
  private Path calls;

  private record Outcome(int exitCode, String output) {
    String lastLine() {
      return output.strip().lines().reduce("", (_, line) -> line);
    }
  }

  @BeforeEach
  void furnish() throws IOException {
    house = Files.createDirectories(folder.resolve("house"));
    tools = Files.createDirectories(folder.resolve("tools"));
    calls = folder.resolve("calls");
    Files.createDirectories(house.resolve("runtime/src/main"));
    Files.writeString(house.resolve("pom.xml"), "<project/>");
    Files.writeString(house.resolve("runtime/pom.xml"), "<project/>");
    Files.writeString(house.resolve("runtime/src/main/A.java"), "class A {}");
    Files.copy(SCRIPT, house.resolve("forearm"));
    tool("mvn", BUILD);
    tool("apt-get", "");
    tool("sudo", "\"$@\"");
    jdk("25.0.1");
  }

  @Test
  void theScriptIsValidBash() throws Exception {
    Process bash = new ProcessBuilder("bash", "-n", SCRIPT.toString()).inheritIO().start();
    assertEquals(0, bash.waitFor());
  }

  @Test
  void withoutAJdkItSaysWhatItFoundAndWhatToDo() throws Exception {
    jdk("17.0.15");

    Outcome outcome = forearm(Map.of("FOREARM_INSTALL", "no"), "doctor");

    assertEquals(1, outcome.exitCode());
    assertTrue(
        outcome.output().contains("no JDK 25: JAVA_HOME is '" + jdkHome()), outcome.output());
    assertTrue(outcome.output().contains("set JAVA_HOME"), outcome.output());
    assertFalse(calls().contains("apt-get"), calls());
  }

  @Test
  void aMissingJdkIsAskedOfThePackageManagerOnce() throws Exception {
    jdk("17.0.15");

    forearm(Map.of(), "doctor");

    List<String> installs =
        calls().lines().filter(call -> call.startsWith("apt-get install")).toList();
    assertEquals(1, installs.size(), calls());
    assertTrue(installs.getFirst().contains("openjdk-25-jdk-headless"), calls());
  }

  @Test
  void aMujocoWheelWithAnotherHashIsRefusedAndRemoved() throws Exception {
    tool(
        "python3",
        """
        while [ $# -gt 0 ]; do [ "$1" = --dest ] && echo other >"$2/mujoco.whl"; shift; done\
        """);

    Outcome outcome = forearm(Map.of("FOREARM_DDSC_LIB", "/dev/null"), "sim");

    assertEquals(1, outcome.exitCode());
    assertTrue(outcome.output().contains("MuJoCo wheel: SHA-256 is "), outcome.output());
    assertTrue(outcome.output().contains("name a library with FOREARM_MUJOCO_LIB"));
    try (Stream<Path> left = Files.walk(folder.resolve("cache"))) {
      assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void itBuildsOnceAndAgainWhenASourceChanged() throws Exception {
    forearm(Map.of(), "doctor");
    forearm(Map.of(), "doctor");
    assertEquals(1, builds());

    Files.writeString(house.resolve("runtime/src/main/A.java"), "class A { int a; }");
    forearm(Map.of(), "doctor");
    assertEquals(2, builds());

    Files.delete(house.resolve("runtime/src/main/A.java"));
    forearm(Map.of(), "doctor");
    assertEquals(3, builds());
  }

  @Test
  void aHouseWithoutSourcesRunsWhatWasBuiltAndNeedsNoMaven() throws Exception {
    forearm(Map.of(), "doctor");
    Files.delete(house.resolve("pom.xml"));
    Files.delete(house.resolve("runtime/src/main/A.java"));
    tool("mvn", "exit 1");

    Outcome outcome = forearm(Map.of(), "doctor");

    assertEquals(0, outcome.exitCode(), outcome.output());
    assertEquals(1, builds());
    Files.delete(program().resolve("sources"));
    Outcome empty = forearm(Map.of(), "doctor");
    assertEquals(1, empty.exitCode());
    assertTrue(empty.output().contains("install Forearm again"), empty.output());
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    Process first = start(Map.of(), house.resolve("forearm"), "doctor");
    Process second = start(Map.of(), house.resolve("forearm"), "doctor");

    assertEquals(0, outcome(first).exitCode());
    assertEquals(0, outcome(second).exitCode());
    assertEquals(1, builds());
  }

  @Test
  void aFailedBuildIsTriedAgainAndLeavesWhatWorks() throws Exception {
    forearm(Map.of(), "doctor");
    Path source = house.resolve("runtime/src/main/A.java");
    Files.writeString(source, "class A {");
    tool("mvn", "exit 1");

    assertEquals(1, forearm(Map.of(), "doctor").exitCode());
    assertEquals(1, forearm(Map.of(), "doctor").exitCode());
    assertEquals(3, builds());

    Files.writeString(source, "class A {}");
    assertEquals(0, forearm(Map.of(), "doctor").exitCode());
    assertEquals(3, builds());
  }

  @Test
  void neitherTimesNorPlaceNorLanguageMakeABuildStale() throws Exception {
    Files.writeString(house.resolve("runtime/src/main/a.java"), "class a {}");
    Files.writeString(house.resolve("runtime/src/main/Ä.java"), "class Ä {}");
    forearm(Map.of(), "doctor");

    Path moved = Files.move(house, folder.resolve("größe 50% & 日本"));
    for (String source : List.of("pom.xml", "runtime/src/main/A.java")) {
      Files.setLastModifiedTime(moved.resolve(source), FileTime.from(Instant.EPOCH));
    }
    for (String language : List.of("C", "en_US.UTF-8", "fa_IR.UTF-8")) {
      Outcome outcome =
          outcome(start(Map.of("LC_ALL", language), moved.resolve("forearm"), "doctor"));
      assertEquals(0, outcome.exitCode(), outcome.output());
    }

    assertEquals(1, builds());
    assertTrue(
        calls().contains("-cp " + moved.toRealPath().resolve("launch/target/lib/a.jar")), calls());
  }

  @Test
  void aCopyRunsItsOwnJars() throws Exception {
    forearm(Map.of(), "doctor");
    Path copy = folder.resolve("copy");
    assertEquals(
        0, new ProcessBuilder("cp", "-r", house.toString(), copy.toString()).start().waitFor());

    outcome(start(Map.of(), copy.resolve("forearm"), "doctor"));

    assertEquals(1, builds());
    String run = calls().lines().toList().getLast();
    assertTrue(run.contains("-cp " + copy.resolve("launch/target/lib/a.jar")), run);
  }

  @Test
  void javaIsStartedInALanguageWithAllLetters() throws Exception {
    executable(jdkHome().resolve("bin/java"), "echo \"letters: $(locale charmap)\"");

    Outcome outcome = forearm(Map.of("LC_ALL", "C"), "doctor");

    assertTrue(outcome.output().contains("letters: UTF-8"), outcome.output());
  }

  @Test
  void withoutAHomeItRuns() throws Exception {
    Process process =
        builder(Map.of(), List.of("env", "-u", "HOME", house.resolve("forearm").toString(), "help"))
            .start();

    Outcome outcome = outcome(process);

    assertEquals(0, outcome.exitCode(), outcome.output());
    assertTrue(calls().contains("dev.forearm.launch.Main help"), calls());
  }

  @Test
  void aFolderWithAColonIsRefusedInOneLineThatSaysSo() throws Exception {
    Path colon = Files.move(house, folder.resolve("lab:2"));

    Outcome outcome = outcome(start(Map.of(), colon.resolve("forearm"), "doctor"));

    assertEquals(1, outcome.exitCode());
    assertEquals(1, outcome.output().lines().count(), outcome.output());
    assertTrue(outcome.output().contains("lab:2' has a colon in its name"), outcome.output());
    assertEquals("", calls());
  }

  @Test
  void whoMayNotWriteRunsWhatIsBuiltAndIsToldWhatIsNot() throws Exception {
    forearm(Map.of(), "doctor");
    List<String> readOnly =
        List.of(
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\" && exec \"$0/forearm\" \"$@\"",
            house.toString());
    List<String> sim = new ArrayList<>(readOnly);
    sim.add("sim");
    Outcome probe = outcome(builder(LIBRARIES, sim).start());
    assumeTrue(!probe.output().contains("unshare: "), probe.output());

    assertEquals(0, probe.exitCode(), probe.output());
    assertTrue(calls().contains("dev.forearm.launch.Main sim"), calls());

    Files.writeString(house.resolve("pom.xml"), "<project></project>");
    Outcome stale = outcome(builder(LIBRARIES, sim).start());
    assertEquals(1, stale.exitCode());
    assertEquals(1, stale.output().lines().count(), stale.output());
    assertTrue(stale.output().contains("has no build of its sources"), stale.output());
    assertEquals(1, builds());
  }

  @Test
  void whatWasTestedNeedsNoOtherBuild() throws Exception {
    forearm(LIBRARIES, "test");
    forearm(LIBRARIES, "doctor");

    assertEquals(1, calls().lines().filter(call -> call.contains("-Dprogram.folder=")).count());
    assertEquals(1, calls().lines().filter(call -> call.contains(" verify")).count());
  }

  @Test
  void theAotCacheIsMadeOnceFromTheJarsAsTheyAreAndDoneWithoutWhereThatFails() throws Exception {
    executable(
        jdkHome().resolve("bin/java"),
        "all=\"$*\"; file=${all#*AOTCacheOutput=}; [ \"$file\" = \"$all\" ] || echo >\"${file%% *}\"");

    forearm(LIBRARIES, "sim");
    forearm(LIBRARIES, "sim");

    assertEquals(1, aotCaches());
    assertTrue(calls().lines().toList().getLast().contains("-XX:AOTCache="), calls());

    Files.setLastModifiedTime(program().resolve("a.jar"), FileTime.from(Instant.EPOCH));
    executable(jdkHome().resolve("bin/java"), "");
    assertEquals(0, forearm(LIBRARIES, "sim").exitCode());

    assertEquals(2, aotCaches());
    assertFalse(calls().lines().toList().getLast().contains("-XX:AOTCache="), calls());
  }

  @Test
  void itRunsThroughALinkFromAnyFolderAndPassesItsArguments() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), house.resolve("forearm"));

    Outcome outcome = outcome(start(Map.of(), link, "doctor", "--json", "a file"));

    assertEquals(0, outcome.exitCode(), outcome.output());
    assertTrue(calls().contains("dev.forearm.launch.Main doctor --json a file"), calls());
    assertTrue(calls().contains("-XX:+UseZGC"), calls());
    assertTrue(calls().contains("-cp " + house.resolve("launch/target/lib/a.jar")), calls());
  }

  @Test
  void whatLearnsGetsTheCollectorThatNeedsLittleMemory() throws Exception {
    forearm(LIBRARIES, "train", "--steps", "1");

    String training =
        calls()
            .lines()
            .filter(line -> line.contains("Main train --steps 1"))
            .findFirst()
            .orElse("");
    assertTrue(training.contains("-XX:+UseSerialGC"), calls());
  }

  @Test
  void testPassesItsArgumentsAndEndsWithTheSumOfAllModules() throws Exception {
    tool(
        "mvn",
        """
        case $* in *program.folder*) %s; exit ;; esac
        echo '[INFO] Tests run: 9, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1 s -- in X'
        echo '[INFO] Tests run: 10, Failures: 0, Errors: 0, Skipped: 0'
        echo '[ERROR] Tests run: 5, Failures: 2, Errors: 1, Skipped: 1'
        exit 1\
        """
            .formatted(BUILD));

    Outcome outcome = forearm(LIBRARIES, "test", "-Dtest=XTest");

    assertEquals(1, outcome.exitCode());
    assertEquals("[INFO] Tests run: 15, Failures: 2, Errors: 1, Skipped: 1", outcome.lastLine());
    assertTrue(calls().lines().anyMatch(call -> call.matches("mvn .* verify .*-Dtest=XTest.*")));
  }

  private Path program() {
    return house.resolve("launch/target/lib");
  }

  private void tool(String name, String body) throws IOException {
    executable(tools.resolve(name), body);
  }

  private void jdk(String version) throws IOException {
    Path bin = Files.createDirectories(jdkHome().resolve("bin"));
    Files.writeString(jdkHome().resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    executable(bin.resolve("javac"), "");
    executable(bin.resolve("java"), "");
  }

  private Path jdkHome() {
    return folder.resolve("jdk");
  }

  private void executable(Path file, String body) throws IOException {
    Files.writeString(
        file, "#!/bin/bash\necho \"$(basename \"$0\") $*\" >>'" + calls + "'\n" + body + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }

  private Outcome forearm(Map<String, String> environment, String... arguments) throws Exception {
    return outcome(start(environment, house.resolve("forearm"), arguments));
  }

  private Process start(Map<String, String> environment, Path script, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return builder(environment, command).start();
  }

  private ProcessBuilder builder(Map<String, String> environment, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("FOREARM_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH", tools + ":" + System.getenv("PATH"),
                "HOME", folder.toString(),
                "XDG_CACHE_HOME", folder.resolve("cache").toString(),
                "JAVA_HOME", jdkHome().toString(),
                "FOREARM_JVM_FOLDER", folder.resolve("no-jvms").toString()));
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true);
  }

  private static Outcome outcome(Process process) throws Exception {
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private int builds() throws IOException {
    return (int) calls().lines().filter(call -> call.startsWith("mvn ")).count();
  }

  private int aotCaches() throws IOException {
    return (int) calls().lines().filter(call -> call.contains("-XX:AOTCacheOutput=")).count();
  }

  private String calls() throws IOException {
    return Files.exists(calls) ? Files.readString(calls) : "";
  }
}
