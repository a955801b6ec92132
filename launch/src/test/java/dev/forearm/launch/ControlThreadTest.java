package dev.forearm.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.forearm.ros.robot.CommandPublisher;
import dev.forearm.ros.robot.EpisodeTap;
import dev.forearm.runtime.agent.PeriodicRunner;
import dev.forearm.runtime.control.ControlLoop;
import dev.forearm.viewer.ForesightTap;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What the control thread can reach, read from the compiled classes: every method of ours that a
 * cycle, its taps and its command path may call, through every implementation of what they call.
 */
final class ControlThreadTest {
  private record Method(String owner, String name, String descriptor) {
    @Override
    public String toString() {
      return owner.substring(owner.lastIndexOf('/') + 1) + "." + name;
    }
  }

  private static final String OURS = "dev/forearm/";

  /** Packages of the platform and of libraries that wait, lock, log, or do input or output. */
  private static final List<String> FORBIDDEN =
      List.of(
          "java/util/concurrent/locks/",
          "java/util/concurrent/Semaphore",
          "java/util/concurrent/CountDownLatch",
          "java/util/concurrent/BlockingQueue",
          "java/util/concurrent/LinkedBlockingQueue",
          "java/io/",
          "java/net/",
          "java/nio/file/",
          "java/nio/channels/",
          "org/slf4j/");

  /**
   * Called by the control thread only where they say so: what every other system than Linux has,
   * what happens once before the first cycle, and what happens after a failure. A peer of
   * benchmarks only follows chunks on the simulated clock.
   */
  private static final Set<String> BESIDE_THE_CYCLE =
      Set.of(
          "dev/forearm/launch/chunk/RuckigFollower",
          "dev/forearm/runtime/agent/Doorbell$Parking",
          "dev/forearm/runtime/agent/Sleeper$Parking",
          "dev/forearm/runtime/agent/PeriodicRunner.schedule",
          "dev/forearm/runtime/agent/PeriodicRunner.rehearse");

  private final Map<String, ClassModel> classes = new HashMap<>();
  private final Map<Method, Method> calledBy = new LinkedHashMap<>();

  ControlThreadTest() throws IOException {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path place = Path.of(entry);
      if (Files.isDirectory(place) && place.endsWith("classes")) {
        readAll(place.resolve(OURS));
      } else if (Files.isRegularFile(place)) {
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
          readAll(jar.getPath("/" + OURS));
        }
      }
    }
  }

  private void readAll(Path root) throws IOException {
    if (Files.isDirectory(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(file -> file.toString().endsWith(".class")).forEach(this::read);
      }
    }
  }

  @Test
  void theControlThreadReachesNothingThatWaitsLocksLogsOrDoesInputOrOutput() {
    for (Class<?> start :
        List.of(ControlLoop.class, CommandPublisher.class, EpisodeTap.class, ForesightTap.class)) {
      for (MethodModel method : model(start).methods()) {
        String name = method.methodName().stringValue();
        if (Set.of("tick", "ready", "send", "commanded", "safety").contains(name)) {
          reach(model(start), method);
        }
      }
    }
    model(PeriodicRunner.class).methods().stream()
        .filter(method -> method.methodName().equalsString("turns"))
        .forEach(method -> reach(model(PeriodicRunner.class), method));

    for (String expected :
        List.of(
            "SafetyFilter.follow",
            "SerialChain.toolPosition",
            "SignalSlot.read",
            "Latest.take",
            "RecordRing.offer",
            "Doorbell$OnFutex.ring",
            "CycleStatistics.begin")) {
      assertTrue(
          calledBy.keySet().stream().anyMatch(method -> method.toString().equals(expected)),
          () -> expected + " was not reached: the walk has a hole; reached " + calledBy.keySet());
    }
    assertEquals(Set.of(), violations());
  }

  private Set<String> violations() {
    Set<String> found = new TreeSet<>();
    for (Method reached : calledBy.keySet()) {
      MethodModel method = find(reached);
      if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
        found.add(path(reached) + " is synchronized");
      }
      method
          .code()
          .ifPresent(code ->
              code.forEach(element -> {
                if (element instanceof MonitorInstruction monitor
                    && monitor.opcode() == Opcode.MONITORENTER) {
                  found.add(path(reached) + " enters a monitor");
                }
                if (element instanceof InvokeInstruction call
                    && isForbidden(call.owner().asInternalName(), call.name().stringValue())) {
                  found.add(
                      "%s calls %s.%s"
                          .formatted(
                              path(reached),
                              call.owner().asInternalName(),
                              call.name().stringValue()));
                }
              }));
    }
    return found;
  }

  private static boolean isForbidden(String owner, String name) {
    return FORBIDDEN.stream().anyMatch(owner::startsWith)
        || (owner.equals("java/lang/Object")
            && Set.of("wait", "notify", "notifyAll").contains(name))
        || (owner.equals("java/lang/Thread") && Set.of("sleep", "join").contains(name));
  }

  private void reach(ClassModel owner, MethodModel start) {
    Deque<Method> todo = new ArrayDeque<>();
    Method first = key(owner, start);
    calledBy.putIfAbsent(first, first);
    todo.add(first);
    while (!todo.isEmpty()) {
      Method from = todo.remove();
      find(from)
          .code()
          .ifPresent(code ->
              code.forEach(element -> {
                switch (element) {
                  case InvokeInstruction call ->
                      targets(
                              call.owner().asInternalName(),
                              call.name().stringValue(),
                              call.type().stringValue())
                          .forEach(to -> follow(from, to, todo));
                  case InvokeDynamicInstruction lambda ->
                      lambda.bootstrapArgs().stream()
                          .filter(DirectMethodHandleDesc.class::isInstance)
                          .map(DirectMethodHandleDesc.class::cast)
                          .flatMap(handle ->
                              targets(
                                  internalName(handle),
                                  handle.methodName(),
                                  handle.lookupDescriptor())
                                  .stream())
                          .forEach(to -> follow(from, to, todo));
                  default -> {}
                }
              }));
    }
  }

  private void follow(Method from, Method to, Deque<Method> todo) {
    boolean beside =
        to.name().equals("doWork") // a runner's: every agent has one, the control thread's ticks
            || BESIDE_THE_CYCLE.contains(to.owner())
            || BESIDE_THE_CYCLE.contains(to.owner() + "." + to.name());
    if (!beside && calledBy.putIfAbsent(to, from) == null) {
      todo.add(to);
    }
  }

  /** The method that is named, and every one of ours that overrides it. */
  private List<Method> targets(String owner, String name, String descriptor) {
    List<Method> found = new ArrayList<>();
    for (ClassModel candidate : classes.values()) {
      if (isA(candidate, owner)
          || isA(classes.get(owner), candidate.thisClass().asInternalName())) {
        for (MethodModel method : candidate.methods()) {
          if (method.methodName().equalsString(name)
              && method.methodType().equalsString(descriptor)
              && method.code().isPresent()) {
            found.add(key(candidate, method));
          }
        }
      }
    }
    return found;
  }

  private boolean isA(@Nullable ClassModel candidate, String type) {
    if (candidate == null) {
      return false;
    }
    return candidate.thisClass().asInternalName().equals(type)
        || candidate
            .superclass()
            .filter(c -> isA(classes.get(c.asInternalName()), type))
            .isPresent()
        || candidate.interfaces().stream()
            .anyMatch(c -> isA(classes.get(c.asInternalName()), type));
  }

  /** From where the walk began, for whoever has to mend it. */
  private String path(Method method) {
    String path = method.toString();
    Method at = method;
    Method caller = calledBy.get(at);
    while (caller != null && !caller.equals(at)) {
      path = caller + " > " + path;
      at = caller;
      caller = calledBy.get(at);
    }
    return path;
  }

  private ClassModel model(Class<?> type) {
    return Objects.requireNonNull(classes.get(type.getName().replace('.', '/')), type::getName);
  }

  private MethodModel find(Method method) {
    ClassModel owner = Objects.requireNonNull(classes.get(method.owner()));
    return owner.methods().stream()
        .filter(m -> key(owner, m).equals(method))
        .findFirst()
        .orElseThrow();
  }

  private static Method key(ClassModel owner, MethodModel method) {
    return new Method(
        owner.thisClass().asInternalName(),
        method.methodName().stringValue(),
        method.methodType().stringValue());
  }

  private static String internalName(DirectMethodHandleDesc handle) {
    String descriptor = handle.owner().descriptorString();
    return descriptor.substring(1, descriptor.length() - 1);
  }

  private void read(Path file) {
    try {
      ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
      classes.put(model.thisClass().asInternalName(), model);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
