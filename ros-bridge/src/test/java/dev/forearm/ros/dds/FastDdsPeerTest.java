package dev.forearm.ros.dds;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against eProsima Fast DDS, the default middleware of ROS 2; built here from a small C++ peer. */
class FastDdsPeerTest {
  private static final int DOMAIN = FreeDomain.take();
  private static final Path HEADER =
      Path.of("/usr/include/fastdds/dds/domain/DomainParticipant.hpp");

  @BeforeAll
  static void needsBothLibraries() {
    Peers.requireCyclone();
    if (!Files.exists(HEADER)) {
      Peers.missing("no Fast DDS headers here (Debian: apt install libfastrtps-dev g++)");
    }
  }

  @Test
  void jointStatesAndMegabyteImagesGoToThePeerAndComeBack(@TempDir Path folder) throws Exception {
    String program = folder.resolve("fastdds_peer").toString();
    Process compiler =
        new ProcessBuilder(
                "g++",
                "-std=c++17",
                Peers.resource("cpp/fastdds_peer.cpp").toString(),
                "-lfastrtps",
                "-lfastcdr",
                "-o",
                program)
            .redirectErrorStream(true)
            .start();
    String errors = new String(compiler.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, compiler.waitFor(), errors);
    EchoCheck.run(DOMAIN, Peers.start(DOMAIN, List.of(program, Integer.toString(DOMAIN))));
  }
}
