package dev.forearm.ros.rcl.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.forearm.ros.RosFault;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The functions of rcl, bound once per process after {@link #load}, and the layouts of the
 * distribution they are from.
 */
public final class Rcl {
  private static final long LONGEST_TEXT = 4096;

  /** rcutils_allocator_t: four functions and their state. Passed by value. */
  static final StructLayout ALLOCATOR =
      MemoryLayout.structLayout(
          ADDRESS.withName("allocate"),
          ADDRESS.withName("deallocate"),
          ADDRESS.withName("reallocate"),
          ADDRESS.withName("zero_allocate"),
          ADDRESS.withName("state"));

  /**
   * Room for any structure that rcl returns by value: it is written through a hidden pointer, as
   * any structure above 16 bytes is on x86-64 and aarch64, so more room than needed does no harm.
   */
  static final StructLayout RETURNED =
      MemoryLayout.structLayout(MemoryLayout.sequenceLayout(128, JAVA_LONG));

  private static @Nullable RosInstallation installation;
  private static @Nullable RclLayouts layouts;
  private static @Nullable SymbolLookup symbols;

  private Rcl() {}

  /**
   * Finds and loads the libraries of the ROS 2 that is sourced and checks that their structures are
   * as the table says; does nothing the second time.
   *
   * @throws RosFault if none is sourced, its distribution is not known, or its libraries cannot be
   *     loaded or are not as expected
   */
  public static synchronized RosInstallation load() {
    if (installation != null) {
      return installation;
    }
    RosInstallation found =
        RosInstallation.sourced()
            .orElseThrow(() ->
                new RosFault(
                    "loading rcl: no ROS 2 is sourced, AMENT_PREFIX_PATH names no folder with lib/librcl.so; source its setup.bash (source /opt/ros/jazzy/setup.bash), or choose --transport dds"));
    layouts = RclLayouts.of(found.distribution());
    symbols = open(found.require("rcl")); // and, for dlsym, all that it needs: rmw, rcutils
    LayoutCheck.run(found, layouts);
    installation = found;
    return found;
  }

  /** Loads one library for the life of the process. */
  @SuppressWarnings("restricted")
  static SymbolLookup open(Path library) {
    try {
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new RosFault(
          "loading rcl: %s could not be loaded (another architecture, or a library it needs is not in LD_LIBRARY_PATH); source ROS 2's setup.bash again, or try ldd on it"
              .formatted(library),
          e);
    }
  }

  static RclLayouts layouts() {
    return Objects.requireNonNull(layouts, "Rcl.load() comes first");
  }

  static RosInstallation installation() {
    return Objects.requireNonNull(installation, "Rcl.load() comes first");
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(
      String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
    FunctionDescriptor descriptor =
        result == null
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(result, arguments);
    MemorySegment address =
        Objects.requireNonNull(symbols, "Rcl.load() comes first")
            .find(name)
            .orElseThrow(() ->
                new RosFault(
                    "loading rcl: the sourced ROS 2 lacks %s; choose --transport dds"
                        .formatted(name)));
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  /** A function that returns a structure by value. */
  private static MethodHandle bindReturned(String name) {
    return bind(name, RETURNED);
  }

  /** The handles; initialised by the first call after {@link #load} has opened the libraries. */
  static final class Calls {
    // rcutils_allocator_t rcutils_get_default_allocator(void)
    static final MethodHandle DEFAULT_ALLOCATOR = bind("rcutils_get_default_allocator", ALLOCATOR);

    // const rcutils_error_state_t *rcutils_get_error_state(void)
    static final MethodHandle ERROR_STATE = bind("rcutils_get_error_state", ADDRESS);

    // void rcutils_reset_error(void)
    static final MethodHandle RESET_ERROR = bind("rcutils_reset_error", null);

    // const char *rmw_get_implementation_identifier(void)
    static final MethodHandle RMW_IDENTIFIER = bind("rmw_get_implementation_identifier", ADDRESS);

    // rcl_ret_t rcl_init_options_init(rcl_init_options_t *options, rcl_allocator_t allocator)
    static final MethodHandle INIT_OPTIONS_INIT =
        bind("rcl_init_options_init", JAVA_INT, ADDRESS, ALLOCATOR);

    // rcl_ret_t rcl_init_options_fini(rcl_init_options_t *options)
    static final MethodHandle INIT_OPTIONS_FINI = bind("rcl_init_options_fini", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_init_options_set_domain_id(rcl_init_options_t *options, size_t domain_id)
    static final MethodHandle INIT_OPTIONS_SET_DOMAIN_ID =
        bind("rcl_init_options_set_domain_id", JAVA_INT, ADDRESS, JAVA_LONG);

    // rmw_init_options_t *rcl_init_options_get_rmw_init_options(rcl_init_options_t *options)
    static final MethodHandle INIT_OPTIONS_GET_RMW =
        bind("rcl_init_options_get_rmw_init_options", ADDRESS, ADDRESS);

    // rcl_ret_t rcl_init(int argc, const char *const *argv, const rcl_init_options_t *options,
    //     rcl_context_t *context)
    static final MethodHandle INIT =
        bind("rcl_init", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_shutdown(rcl_context_t *context)
    static final MethodHandle SHUTDOWN = bind("rcl_shutdown", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_context_fini(rcl_context_t *context)
    static final MethodHandle CONTEXT_FINI = bind("rcl_context_fini", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_context_get_domain_id(rcl_context_t *context, size_t *domain_id)
    static final MethodHandle CONTEXT_GET_DOMAIN_ID =
        bind("rcl_context_get_domain_id", JAVA_INT, ADDRESS, ADDRESS);

    // rcl_node_options_t rcl_node_get_default_options(void)
    static final MethodHandle NODE_DEFAULT_OPTIONS = bindReturned("rcl_node_get_default_options");

    // rcl_ret_t rcl_node_options_fini(rcl_node_options_t *options)
    static final MethodHandle NODE_OPTIONS_FINI = bind("rcl_node_options_fini", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_node_init(rcl_node_t *node, const char *name, const char *namespace_,
    //     rcl_context_t *context, const rcl_node_options_t *options)
    static final MethodHandle NODE_INIT =
        bind("rcl_node_init", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_node_fini(rcl_node_t *node)
    static final MethodHandle NODE_FINI = bind("rcl_node_fini", JAVA_INT, ADDRESS);

    // const rcl_guard_condition_t *rcl_node_get_graph_guard_condition(const rcl_node_t *node)
    static final MethodHandle NODE_GRAPH_GUARD_CONDITION =
        bind("rcl_node_get_graph_guard_condition", ADDRESS, ADDRESS);

    // rcl_ret_t rcl_get_publishers_info_by_topic(const rcl_node_t *node,
    //     rcutils_allocator_t *allocator, const char *topic_name, bool no_mangle,
    //     rcl_topic_endpoint_info_array_t *publishers_info)
    static final MethodHandle PUBLISHERS_BY_TOPIC =
        bind(
            "rcl_get_publishers_info_by_topic",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_BOOLEAN,
            ADDRESS);

    // rcl_ret_t rcl_get_subscriptions_info_by_topic(const rcl_node_t *node,
    //     rcutils_allocator_t *allocator, const char *topic_name, bool no_mangle,
    //     rcl_topic_endpoint_info_array_t *subscriptions_info)
    static final MethodHandle SUBSCRIPTIONS_BY_TOPIC =
        bind(
            "rcl_get_subscriptions_info_by_topic",
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            JAVA_BOOLEAN,
            ADDRESS);

    // rmw_topic_endpoint_info_t rmw_get_zero_initialized_topic_endpoint_info(void)
    static final MethodHandle ZERO_ENDPOINT_INFO =
        bindReturned("rmw_get_zero_initialized_topic_endpoint_info");

    // rmw_ret_t rmw_topic_endpoint_info_array_fini(
    //     rmw_topic_endpoint_info_array_t *array, rcutils_allocator_t *allocator)
    static final MethodHandle ENDPOINT_INFO_ARRAY_FINI =
        bind("rmw_topic_endpoint_info_array_fini", JAVA_INT, ADDRESS, ADDRESS);

    // rcl_publisher_options_t rcl_publisher_get_default_options(void)
    static final MethodHandle PUBLISHER_DEFAULT_OPTIONS =
        bindReturned("rcl_publisher_get_default_options");

    // rcl_ret_t rcl_publisher_init(rcl_publisher_t *publisher, const rcl_node_t *node,
    //     const rosidl_message_type_support_t *type_support, const char *topic_name,
    //     const rcl_publisher_options_t *options)
    static final MethodHandle PUBLISHER_INIT =
        bind("rcl_publisher_init", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_publisher_fini(rcl_publisher_t *publisher, rcl_node_t *node)
    static final MethodHandle PUBLISHER_FINI =
        bind("rcl_publisher_fini", JAVA_INT, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_publish_serialized_message(const rcl_publisher_t *publisher,
    //     const rcl_serialized_message_t *serialized_message,
    //     rmw_publisher_allocation_t *allocation)
    static final MethodHandle PUBLISH_SERIALIZED =
        bind("rcl_publish_serialized_message", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);

    // rcl_ret_t rcl_publisher_get_subscription_count(const rcl_publisher_t *publisher,
    //     size_t *subscription_count)
    static final MethodHandle SUBSCRIPTION_COUNT =
        bind("rcl_publisher_get_subscription_count", JAVA_INT, ADDRESS, ADDRESS);

    // rcl_subscription_options_t rcl_subscription_get_default_options(void)
    static final MethodHandle SUBSCRIPTION_DEFAULT_OPTIONS =
        bindReturned("rcl_subscription_get_default_options");

    // rcl_ret_t rcl_subscription_init(rcl_subscription_t *subscription, const rcl_node_t *node,
    //     const rosidl_message_type_support_t *type_support, const char *topic_name,
    //     const rcl_subscription_options_t *options)
    static final MethodHandle SUBSCRIPTION_INIT =
        bind("rcl_subscription_init", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_subscription_fini(rcl_subscription_t *subscription, rcl_node_t *node)
    static final MethodHandle SUBSCRIPTION_FINI =
        bind("rcl_subscription_fini", JAVA_INT, ADDRESS, ADDRESS);

    // rmw_message_info_t rmw_get_zero_initialized_message_info(void)
    static final MethodHandle ZERO_MESSAGE_INFO =
        bindReturned("rmw_get_zero_initialized_message_info");

    // rcl_ret_t rcl_take_serialized_message(const rcl_subscription_t *subscription,
    //     rcl_serialized_message_t *serialized_message, rmw_message_info_t *message_info,
    //     rmw_subscription_allocation_t *allocation)
    static final MethodHandle TAKE_SERIALIZED =
        bind("rcl_take_serialized_message", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);

    // rcl_ret_t rcl_subscription_get_publisher_count(const rcl_subscription_t *subscription,
    //     size_t *publisher_count)
    static final MethodHandle PUBLISHER_COUNT =
        bind("rcl_subscription_get_publisher_count", JAVA_INT, ADDRESS, ADDRESS);

    // rmw_ret_t rmw_serialized_message_init(rmw_serialized_message_t *msg, size_t capacity,
    //     const rcutils_allocator_t *allocator), a macro for
    // rcutils_ret_t rcutils_uint8_array_init(rcutils_uint8_array_t *uint8_array,
    //     size_t buffer_capacity, const rcutils_allocator_t *allocator)
    static final MethodHandle SERIALIZED_MESSAGE_INIT =
        bind("rcutils_uint8_array_init", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);

    // rcutils_ret_t rcutils_uint8_array_fini(rcutils_uint8_array_t *uint8_array)
    static final MethodHandle SERIALIZED_MESSAGE_FINI =
        bind("rcutils_uint8_array_fini", JAVA_INT, ADDRESS);

    // rmw_ret_t rmw_serialize(const void *ros_message,
    //     const rosidl_message_type_support_t *type_support,
    //     rmw_serialized_message_t *serialized_message)
    static final MethodHandle SERIALIZE =
        bind("rmw_serialize", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rmw_ret_t rmw_deserialize(const rmw_serialized_message_t *serialized_message,
    //     const rosidl_message_type_support_t *type_support, void *ros_message)
    static final MethodHandle DESERIALIZE =
        bind("rmw_deserialize", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rcl_service_options_t rcl_service_get_default_options(void)
    static final MethodHandle SERVICE_DEFAULT_OPTIONS =
        bindReturned("rcl_service_get_default_options");

    // rcl_ret_t rcl_service_init(rcl_service_t *service, const rcl_node_t *node,
    //     const rosidl_service_type_support_t *type_support, const char *service_name,
    //     const rcl_service_options_t *options)
    static final MethodHandle SERVICE_INIT =
        bind("rcl_service_init", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_service_fini(rcl_service_t *service, rcl_node_t *node)
    static final MethodHandle SERVICE_FINI = bind("rcl_service_fini", JAVA_INT, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_take_request_with_info(const rcl_service_t *service,
    //     rmw_service_info_t *request_header, void *ros_request)
    static final MethodHandle TAKE_REQUEST =
        bind("rcl_take_request_with_info", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_send_response(const rcl_service_t *service, rmw_request_id_t *response_header,
    //     void *ros_response)
    static final MethodHandle SEND_RESPONSE =
        bind("rcl_send_response", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rcl_client_options_t rcl_client_get_default_options(void)
    static final MethodHandle CLIENT_DEFAULT_OPTIONS =
        bindReturned("rcl_client_get_default_options");

    // rcl_ret_t rcl_client_init(rcl_client_t *client, const rcl_node_t *node,
    //     const rosidl_service_type_support_t *type_support, const char *service_name,
    //     const rcl_client_options_t *options)
    static final MethodHandle CLIENT_INIT =
        bind("rcl_client_init", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_client_fini(rcl_client_t *client, rcl_node_t *node)
    static final MethodHandle CLIENT_FINI = bind("rcl_client_fini", JAVA_INT, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_send_request(const rcl_client_t *client, const void *ros_request,
    //     int64_t *sequence_number)
    static final MethodHandle SEND_REQUEST =
        bind("rcl_send_request", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_take_response_with_info(const rcl_client_t *client,
    //     rmw_service_info_t *request_header, void *ros_response)
    static final MethodHandle TAKE_RESPONSE =
        bind("rcl_take_response_with_info", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_service_server_is_available(const rcl_node_t *node, const rcl_client_t *client,
    //     bool *is_available)
    static final MethodHandle SERVER_IS_AVAILABLE =
        bind("rcl_service_server_is_available", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);

    // rcl_ret_t rcl_guard_condition_init(rcl_guard_condition_t *guard_condition,
    //     rcl_context_t *context, const rcl_guard_condition_options_t options)
    static final MethodHandle GUARD_CONDITION_INIT =
        bind("rcl_guard_condition_init", JAVA_INT, ADDRESS, ADDRESS, ALLOCATOR);

    // rcl_ret_t rcl_guard_condition_fini(rcl_guard_condition_t *guard_condition)
    static final MethodHandle GUARD_CONDITION_FINI =
        bind("rcl_guard_condition_fini", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_trigger_guard_condition(rcl_guard_condition_t *guard_condition)
    static final MethodHandle TRIGGER = bind("rcl_trigger_guard_condition", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_wait_set_init(rcl_wait_set_t *wait_set, size_t number_of_subscriptions,
    //     size_t number_of_guard_conditions, size_t number_of_timers, size_t number_of_clients,
    //     size_t number_of_services, size_t number_of_events, rcl_context_t *context,
    //     rcl_allocator_t allocator)
    static final MethodHandle WAIT_SET_INIT =
        bind(
            "rcl_wait_set_init",
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            ADDRESS,
            ALLOCATOR);

    // rcl_ret_t rcl_wait_set_fini(rcl_wait_set_t *wait_set)
    static final MethodHandle WAIT_SET_FINI = bind("rcl_wait_set_fini", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_wait_set_resize(rcl_wait_set_t *wait_set, size_t subscriptions_size,
    //     size_t guard_conditions_size, size_t timers_size, size_t clients_size,
    //     size_t services_size, size_t events_size)
    static final MethodHandle WAIT_SET_RESIZE =
        bind(
            "rcl_wait_set_resize",
            JAVA_INT,
            ADDRESS,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_LONG);

    // rcl_ret_t rcl_wait_set_clear(rcl_wait_set_t *wait_set)
    static final MethodHandle WAIT_SET_CLEAR = bind("rcl_wait_set_clear", JAVA_INT, ADDRESS);

    // rcl_ret_t rcl_wait_set_add_subscription(rcl_wait_set_t *wait_set,
    //     const rcl_subscription_t *subscription, size_t *index)
    static final MethodHandle WAIT_SET_ADD_SUBSCRIPTION =
        bind("rcl_wait_set_add_subscription", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);

    // rcl_ret_t rcl_wait_set_add_guard_condition(rcl_wait_set_t *wait_set,
    //     const rcl_guard_condition_t *guard_condition, size_t *index)
    static final MethodHandle WAIT_SET_ADD_GUARD_CONDITION =
        bind("rcl_wait_set_add_guard_condition", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);

    // rcl_ret_t rcl_wait_set_add_client(rcl_wait_set_t *wait_set, const rcl_client_t *client,
    //     size_t *index)
    static final MethodHandle WAIT_SET_ADD_CLIENT =
        bind("rcl_wait_set_add_client", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);

    // rcl_ret_t rcl_wait_set_add_service(rcl_wait_set_t *wait_set, const rcl_service_t *service,
    //     size_t *index)
    static final MethodHandle WAIT_SET_ADD_SERVICE =
        bind("rcl_wait_set_add_service", JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);

    // rcl_ret_t rcl_wait(rcl_wait_set_t *wait_set, int64_t timeout)
    static final MethodHandle WAIT = bind("rcl_wait", JAVA_INT, ADDRESS, JAVA_LONG);

    private Calls() {}
  }

  /** rcl's default allocator, malloc and free, for whoever keeps it. */
  static MemorySegment defaultAllocator(Arena arena) {
    try {
      return (MemorySegment) Calls.DEFAULT_ALLOCATOR.invokeExact((SegmentAllocator) arena);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** The middleware at work, for example {@code rmw_cyclonedds_cpp}. */
  public static String middleware() {
    try {
      return text((MemorySegment) Calls.RMW_IDENTIFIER.invokeExact());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * Makes a fault of a return code that is not OK, with what rcl says of it.
   *
   * @param operation what was being done, for the message
   */
  static void check(int result, String operation) {
    if (result != 0) {
      throw fault(result, operation);
    }
  }

  /** As above, for who knows that it is not OK. */
  static RosFault fault(int result, String operation) {
    String error = error();
    return new RosFault(
        error.isEmpty() || error.startsWith("error not set")
            ? "%s: rcl says no more than %s; its log, on standard error, may"
                .formatted(operation, result)
            : "%s: rcl says '%s' (%s)".formatted(operation, error, result));
  }

  /** This thread's error, which is then forgotten; may be empty. */
  static String error() {
    try {
      MemorySegment state = (MemorySegment) Calls.ERROR_STATE.invokeExact();
      String said =
          state.address() == 0
              ? ""
              : text(
                  MemorySegment.ofAddress(
                      state.address() + layouts().value("rcutils_error_state_t.message")));
      Calls.RESET_ERROR.invokeExact();
      return said;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /**
   * A string of rcl's that ends with a zero byte, cut off if it is absurdly long; NULL is empty.
   */
  @SuppressWarnings("restricted")
  static String text(MemorySegment address) {
    if (address.address() == 0) {
      return "";
    }
    MemorySegment start = MemorySegment.ofAddress(address.address()).reinterpret(LONGEST_TEXT);
    long length = 0;
    while (length < LONGEST_TEXT && start.get(JAVA_BYTE, length) != 0) {
      length++;
    }
    return new String(start.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
  }

  /** A downcall itself throws nothing; this satisfies the compiler and hides no error. */
  static RuntimeException unexpected(Throwable e) {
    return switch (e) {
      case RuntimeException known -> known;
      case Error error -> throw error;
      default -> new IllegalStateException("a foreign call threw a checked exception", e);
    };
  }
}
