package dev.forearm.ros.dds;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The peer of ros_node_peer.py: a ROS 2 node that is not ours, in a process of its own. */
public final class NodePeer implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  /** Starts it; the test is skipped where the peer's module is missing. */
  public NodePeer(int domain, String mode, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Peers.requirePython("cyclonedds")));
    command.add(Peers.resource("python/ros_node_peer.py").toString());
    command.add(mode);
    command.add(Integer.toString(domain));
    command.addAll(List.of(arguments));
    process = Peers.start(domain, command);
    output = process.inputReader();
  }

  /** What it says until it is done; all it said if it fails. */
  public List<String> lines() {
    return output.lines().takeWhile(line -> !line.equals("done")).toList();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
