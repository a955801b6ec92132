package dev.forearm.ros.security;

import dev.forearm.ros.NodeName;
import dev.forearm.ros.Publication;
import dev.forearm.ros.Qos;
import dev.forearm.ros.RosFault;
import dev.forearm.ros.RosTransport;
import dev.forearm.ros.cdr.CdrWriter;
import dev.forearm.ros.dds.Peers;
import dev.forearm.ros.msg.builtin_interfaces.Time;
import dev.forearm.ros.msg.std_msgs.Header;
import dev.forearm.ros.transport.Carrier;
import dev.forearm.ros.transport.TransportOptions;
import dev.forearm.runtime.clock.MonotonicClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A second process: tells how the words begin that it hears and says them again, until its input
 * ends.
 */
public final class WordsProcess {
  private WordsProcess() {}

  /**
   * Starts one in an enclave, by the carrier and the environment given.
   *
   * @param word what it says itself as soon as two listen, if there is one
   */
  public static Process start(
      int domain, Carrier carrier, String enclave, Map<String, String> environment, String... word)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                WordsProcess.class.getName(),
                carrier.name(),
                enclave));
    command.addAll(List.of(word));
    environment.forEach((key, value) -> command.add(0, key + "=" + value));
    command.add(0, "env");
    return Peers.start(domain, command);
  }

  public static void main(String[] arguments) throws IOException {
    try (RosTransport transport =
        TransportOptions.ofEnvironment(
                Carrier.valueOf(arguments[0]), NodeName.FOREARM, arguments[1], Optional.of("lo"))
            .open(new MonotonicClock(), (agent, failure) -> failure.printStackTrace())) {
      Publication answers = transport.advertise("/answers", Header.TYPE, Qos.LATCHED);
      transport.subscribe(
          "/words",
          Header.TYPE,
          Qos.DEFAULT,
          (cdr, nanos) -> {
            String word = Header.decode(cdr).frameId();
            answers.publish(cdr, cdr.byteSize());
            System.out.println("heard " + word.substring(0, Math.min(word.length(), 10)));
          });
      System.out.println("joined " + transport.description());
      if (arguments.length > 2) {
        say(transport.advertise("/words", Header.TYPE, Qos.DEFAULT), arguments[2]);
      }
      while (System.in.read() >= 0) {
        // the parent lives
      }
    } catch (RosFault fault) {
      System.out.println("fault " + fault.getMessage());
    }
  }

  /** To itself and another. */
  private static void say(Publication words, String word) {
    Peers.await("listeners", () -> words.subscribers() == 2);
    CdrWriter writer = new CdrWriter(64);
    new Header(new Time(0, 0), word).encode(writer);
    words.publish(writer);
  }
}
