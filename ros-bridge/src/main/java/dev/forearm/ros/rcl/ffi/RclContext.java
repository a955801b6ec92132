package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.NodeName;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.OptionalInt;

/**
 * rcl, initialised once: what nodes and guard conditions are made from. rcl itself reads {@code
 * ROS_DOMAIN_ID}, {@code ROS_LOCALHOST_ONLY}, {@code ROS_AUTOMATIC_DISCOVERY_RANGE}, {@code
 * ROS_STATIC_PEERS}, {@code ROS_SECURITY_*} and {@code RMW_IMPLEMENTATION}. Made and closed by one
 * thread, after everything that came from it.
 */
public final class RclContext implements AutoCloseable {
  private static final String LOCALHOST_ONLY = "rmw_init_options_t.localhost_only";
  private static final String DISCOVERY_RANGE =
      "rmw_init_options_t.discovery_options.automatic_discovery_range";

  private final Arena arena = Arena.ofShared();
  private final MemorySegment allocator = Rcl.defaultAllocator(arena);
  private final MemorySegment context =
      arena.allocate(Rcl.layouts().value("rcl_context_t"), Long.BYTES);

  /**
   * Initialises rcl.
   *
   * @param domain the ROS domain; empty: as the environment says
   * @param thisMachineOnly whether to be found on this machine alone; false: as the environment
   *     says
   * @param enclave the security enclave, which rcl takes from a command line alone
   * @throws dev.forearm.ros.RosFault if rcl refuses, for example because the middleware that
   *     RMW_IMPLEMENTATION names is not installed
   */
  public RclContext(OptionalInt domain, boolean thisMachineOnly, String enclave) {
    MemorySegment options = arena.allocate(Rcl.layouts().value("rcl_init_options_t"), Long.BYTES);
    List<String> arguments = List.of("--ros-args", "--enclave", enclave);
    MemorySegment commandLine = arena.allocate(ADDRESS, arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      commandLine.setAtIndex(ADDRESS, i, arena.allocateFrom(arguments.get(i)));
    }
    try {
      Rcl.check(
          (int) Rcl.Calls.INIT_OPTIONS_INIT.invokeExact(options, allocator),
          "preparing to initialise rcl");
      try {
        if (domain.isPresent()) {
          Rcl.check(
              (int)
                  Rcl.Calls.INIT_OPTIONS_SET_DOMAIN_ID.invokeExact(
                      options, (long) domain.getAsInt()),
              "choosing ROS domain " + domain.getAsInt());
        }
        if (thisMachineOnly) {
          stayOnThisMachine((MemorySegment) Rcl.Calls.INIT_OPTIONS_GET_RMW.invokeExact(options));
        }
        Rcl.check(
            (int) Rcl.Calls.INIT.invokeExact(arguments.size(), commandLine, options, context),
            "initialising rcl");
      } finally {
        Rcl.check(
            (int) Rcl.Calls.INIT_OPTIONS_FINI.invokeExact(options), "finalising init options");
      }
    } catch (Throwable e) {
      arena.close();
      throw Rcl.unexpected(e);
    }
  }

  /** Humble knows yes or no; later distributions know ranges. */
  @SuppressWarnings("restricted")
  private static void stayOnThisMachine(MemorySegment rmwOptions) {
    RclLayouts layouts = Rcl.layouts();
    boolean ranges = layouts.has(DISCOVERY_RANGE);
    long at = layouts.value(ranges ? DISCOVERY_RANGE : LOCALHOST_ONLY);
    int wanted =
        layouts.value(
            ranges ? "RMW_AUTOMATIC_DISCOVERY_RANGE_LOCALHOST" : "RMW_LOCALHOST_ONLY_ENABLED");
    rmwOptions.reinterpret(at + Integer.BYTES).set(JAVA_INT, at, wanted);
  }

  /** The ROS domain joined. */
  public int domain() {
    try (Arena call = Arena.ofConfined()) {
      MemorySegment domain = call.allocate(JAVA_LONG);
      Rcl.check(
          (int) Rcl.Calls.CONTEXT_GET_DOMAIN_ID.invokeExact(context, domain),
          "reading the ROS domain");
      return Math.toIntExact(domain.get(JAVA_LONG, 0));
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    }
  }

  /** Makes a node of this context; the caller closes it. */
  public RclNode node(NodeName name) {
    return new RclNode(context, allocator, name);
  }

  /** Makes a guard condition of this context; the caller closes it. */
  public RclGuardCondition guardCondition() {
    return new RclGuardCondition(context, allocator);
  }

  /** Makes a wait set of this context; the caller closes it. */
  public RclWaitset waitset() {
    return new RclWaitset(context, allocator);
  }

  @Override
  public void close() {
    try {
      Rcl.check((int) Rcl.Calls.SHUTDOWN.invokeExact(context), "shutting rcl down");
      Rcl.check((int) Rcl.Calls.CONTEXT_FINI.invokeExact(context), "finalising rcl's context");
    } catch (Throwable e) {
      throw Rcl.unexpected(e);
    } finally {
      arena.close();
    }
  }
}
