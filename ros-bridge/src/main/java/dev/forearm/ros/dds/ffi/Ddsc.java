package dev.forearm.ros.dds.ffi;

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
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The functions of Cyclone DDS, bound once per process after {@link #load}. Pointers that Java
 * never looks behind (serdata, sertype, qos) are longs, so that calls on the hot path make no
 * objects.
 */
public final class Ddsc {
  private static final long LONGEST_TEXT = 4096;

  private static @Nullable DdscLibrary library;
  private static @Nullable SymbolLookup symbols;

  private Ddsc() {}

  /**
   * Finds and loads the library; does nothing the second time.
   *
   * @throws RosFault if there is none that fits or it cannot be loaded
   */
  @SuppressWarnings("restricted")
  public static synchronized DdscLibrary load() {
    if (library != null) {
      return library;
    }
    DdscLibrary found = DdscLibrary.find();
    try {
      symbols = SymbolLookup.libraryLookup(found.file(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new RosFault(
          "loading Cyclone DDS: %s could not be loaded (another architecture, or a library it needs is missing); try ldd on it"
              .formatted(found.file()),
          e);
    }
    if (found.version().startsWith("0.") == symbols.find("dds_get_entity_sertype").isPresent()) {
      throw new RosFault(
          "loading Cyclone DDS: %s does not have the functions of version %s that its name promises; set FOREARM_DDSC_LIB to another"
              .formatted(found.file(), found.version()));
    }
    library = found;
    return found;
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(
      String name, @Nullable MemoryLayout result, MemoryLayout... arguments) {
    FunctionDescriptor descriptor =
        result == null
            ? FunctionDescriptor.ofVoid(arguments)
            : FunctionDescriptor.of(result, arguments);
    MemorySegment address =
        Objects.requireNonNull(symbols, "Ddsc.load() comes first")
            .find(name)
            .orElseThrow(() ->
                new RosFault(
                    "loading Cyclone DDS: %s lacks %s; set FOREARM_DDSC_LIB to another"
                        .formatted(library, name)));
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  /** A static method of two addresses for the library to call. */
  @SuppressWarnings("restricted")
  private static MemorySegment callback(String method, Class<?> in) {
    try {
      MethodHandle target =
          MethodHandles.lookup()
              .findStatic(
                  in,
                  method,
                  MethodType.methodType(void.class, MemorySegment.class, MemorySegment.class));
      return Linker.nativeLinker()
          .upcallStub(target, FunctionDescriptor.ofVoid(ADDRESS, ADDRESS), Arena.global());
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The handles; initialised by the first call after {@link #load}. */
  static final class Calls {
    // dds_entity_t dds_create_domain(dds_domainid_t domain, const char *config)
    static final MethodHandle CREATE_DOMAIN =
        bind("dds_create_domain", JAVA_INT, JAVA_INT, ADDRESS);

    // dds_entity_t dds_create_participant(dds_domainid_t domain, const dds_qos_t *qos,
    //     const dds_listener_t *listener)
    static final MethodHandle CREATE_PARTICIPANT =
        bind("dds_create_participant", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    // dds_entity_t dds_create_topic(dds_entity_t participant,
    //     const dds_topic_descriptor_t *descriptor, const char *name, const dds_qos_t *qos,
    //     const dds_listener_t *listener)
    static final MethodHandle CREATE_TOPIC =
        bind("dds_create_topic", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG);

    // dds_entity_t dds_create_writer(dds_entity_t participant_or_publisher, dds_entity_t topic,
    //     const dds_qos_t *qos, const dds_listener_t *listener)
    static final MethodHandle CREATE_WRITER =
        bind("dds_create_writer", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    // dds_entity_t dds_create_reader(dds_entity_t participant_or_subscriber, dds_entity_t topic,
    //     const dds_qos_t *qos, const dds_listener_t *listener)
    static final MethodHandle CREATE_READER =
        bind("dds_create_reader", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    // dds_entity_t dds_create_waitset(dds_entity_t participant)
    static final MethodHandle CREATE_WAITSET = bind("dds_create_waitset", JAVA_INT, JAVA_INT);

    // dds_entity_t dds_create_readcondition(dds_entity_t reader, uint32_t mask)
    static final MethodHandle CREATE_READCONDITION =
        bind("dds_create_readcondition", JAVA_INT, JAVA_INT, JAVA_INT);

    // dds_entity_t dds_create_guardcondition(dds_entity_t participant)
    static final MethodHandle CREATE_GUARDCONDITION =
        bind("dds_create_guardcondition", JAVA_INT, JAVA_INT);

    // dds_return_t dds_set_guardcondition(dds_entity_t guardcond, bool triggered)
    static final MethodHandle SET_GUARDCONDITION =
        bind("dds_set_guardcondition", JAVA_INT, JAVA_INT, JAVA_BOOLEAN);

    // dds_return_t dds_waitset_attach(dds_entity_t waitset, dds_entity_t entity, dds_attach_t x)
    static final MethodHandle WAITSET_ATTACH =
        bind("dds_waitset_attach", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);

    // dds_return_t dds_waitset_wait(dds_entity_t waitset, dds_attach_t *xs, size_t nxs,
    //     dds_duration_t reltimeout)
    static final MethodHandle WAITSET_WAIT =
        bind("dds_waitset_wait", JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);

    // dds_return_t dds_delete(dds_entity_t entity)
    static final MethodHandle DELETE = bind("dds_delete", JAVA_INT, JAVA_INT);

    // dds_return_t dds_get_matched_publications(dds_entity_t reader, dds_instance_handle_t *wrs,
    //     size_t nwrs)
    static final MethodHandle MATCHED_PUBLICATIONS =
        bind("dds_get_matched_publications", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    // dds_return_t dds_get_matched_subscriptions(dds_entity_t writer, dds_instance_handle_t *rds,
    //     size_t nrds)
    static final MethodHandle MATCHED_SUBSCRIPTIONS =
        bind("dds_get_matched_subscriptions", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);

    // dds_qos_t *dds_create_qos(void)
    static final MethodHandle CREATE_QOS = bind("dds_create_qos", JAVA_LONG);

    // void dds_delete_qos(dds_qos_t *qos)
    static final MethodHandle DELETE_QOS = bind("dds_delete_qos", null, JAVA_LONG);

    // void dds_qset_reliability(dds_qos_t *qos, dds_reliability_kind_t kind,
    //     dds_duration_t max_blocking_time)
    static final MethodHandle QSET_RELIABILITY =
        bind("dds_qset_reliability", null, JAVA_LONG, JAVA_INT, JAVA_LONG);

    // void dds_qset_durability(dds_qos_t *qos, dds_durability_kind_t kind)
    static final MethodHandle QSET_DURABILITY =
        bind("dds_qset_durability", null, JAVA_LONG, JAVA_INT);

    // void dds_qset_durability_service(dds_qos_t *qos, dds_duration_t service_cleanup_delay,
    //     dds_history_kind_t history_kind, int32_t history_depth, int32_t max_samples,
    //     int32_t max_instances, int32_t max_samples_per_instance)
    static final MethodHandle QSET_DURABILITY_SERVICE =
        bind(
            "dds_qset_durability_service",
            null,
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT,
            JAVA_INT);

    // void dds_qset_history(dds_qos_t *qos, dds_history_kind_t kind, int32_t depth)
    static final MethodHandle QSET_HISTORY =
        bind("dds_qset_history", null, JAVA_LONG, JAVA_INT, JAVA_INT);

    // void dds_qset_data_representation(dds_qos_t *qos, uint32_t n, const int16_t *values)
    static final MethodHandle QSET_DATA_REPRESENTATION =
        bind("dds_qset_data_representation", null, JAVA_LONG, JAVA_INT, ADDRESS);

    // void dds_qset_userdata(dds_qos_t *qos, const void *value, size_t sz)
    static final MethodHandle QSET_USERDATA =
        bind("dds_qset_userdata", null, JAVA_LONG, ADDRESS, JAVA_LONG);

    // void dds_qset_prop(dds_qos_t *qos, const char *name, const char *value)
    static final MethodHandle QSET_PROP = bind("dds_qset_prop", null, JAVA_LONG, ADDRESS, ADDRESS);

    // bool dds_qget_reliability(const dds_qos_t *qos, dds_reliability_kind_t *kind,
    //     dds_duration_t *max_blocking_time)
    static final MethodHandle QGET_RELIABILITY =
        bind("dds_qget_reliability", JAVA_BOOLEAN, JAVA_LONG, ADDRESS, ADDRESS);

    // bool dds_qget_durability(const dds_qos_t *qos, dds_durability_kind_t *kind)
    static final MethodHandle QGET_DURABILITY =
        bind("dds_qget_durability", JAVA_BOOLEAN, JAVA_LONG, ADDRESS);

    // bool dds_qget_userdata(const dds_qos_t *qos, void **value, size_t *sz)
    static final MethodHandle QGET_USERDATA =
        bind("dds_qget_userdata", JAVA_BOOLEAN, JAVA_LONG, ADDRESS, ADDRESS);

    // void dds_free(void *ptr)
    static final MethodHandle FREE = bind("dds_free", null, JAVA_LONG);

    // dds_return_t dds_get_guid(dds_entity_t entity, dds_guid_t *guid)
    static final MethodHandle GET_GUID = bind("dds_get_guid", JAVA_INT, JAVA_INT, ADDRESS);

    // dds_return_t dds_get_instance_handle(dds_entity_t entity, dds_instance_handle_t *ihdl)
    static final MethodHandle GET_INSTANCE_HANDLE =
        bind("dds_get_instance_handle", JAVA_INT, JAVA_INT, ADDRESS);

    // dds_builtintopic_endpoint_t *dds_get_matched_publication_data(dds_entity_t reader,
    //     dds_instance_handle_t ih)
    static final MethodHandle MATCHED_PUBLICATION_DATA =
        bind("dds_get_matched_publication_data", JAVA_LONG, JAVA_INT, JAVA_LONG);

    // dds_builtintopic_endpoint_t *dds_get_matched_subscription_data(dds_entity_t writer,
    //     dds_instance_handle_t ih)
    static final MethodHandle MATCHED_SUBSCRIPTION_DATA =
        bind("dds_get_matched_subscription_data", JAVA_LONG, JAVA_INT, JAVA_LONG);

    // void dds_builtintopic_free_endpoint(dds_builtintopic_endpoint_t *builtintopic_endpoint)
    static final MethodHandle FREE_ENDPOINT =
        bind("dds_builtintopic_free_endpoint", null, JAVA_LONG);

    // bool dds_qget_deadline(const dds_qos_t *qos, dds_duration_t *deadline)
    static final MethodHandle QGET_DEADLINE =
        bind("dds_qget_deadline", JAVA_BOOLEAN, JAVA_LONG, ADDRESS);

    // bool dds_qget_liveliness(const dds_qos_t *qos, dds_liveliness_kind_t *kind,
    //     dds_duration_t *lease_duration)
    static final MethodHandle QGET_LIVELINESS =
        bind("dds_qget_liveliness", JAVA_BOOLEAN, JAVA_LONG, ADDRESS, ADDRESS);

    // void dds_qset_deadline(dds_qos_t *qos, dds_duration_t deadline)
    static final MethodHandle QSET_DEADLINE = bind("dds_qset_deadline", null, JAVA_LONG, JAVA_LONG);

    // void dds_qset_lifespan(dds_qos_t *qos, dds_duration_t lifespan)
    static final MethodHandle QSET_LIFESPAN = bind("dds_qset_lifespan", null, JAVA_LONG, JAVA_LONG);

    // void dds_qset_liveliness(dds_qos_t *qos, dds_liveliness_kind_t kind,
    //     dds_duration_t lease_duration)
    static final MethodHandle QSET_LIVELINESS =
        bind("dds_qset_liveliness", null, JAVA_LONG, JAVA_INT, JAVA_LONG);

    // dds_return_t dds_take(dds_entity_t reader_or_condition, void **buf, dds_sample_info_t *si,
    //     size_t bufsz, uint32_t maxs)
    static final MethodHandle TAKE =
        bind("dds_take", JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);

    // dds_return_t dds_return_loan(dds_entity_t entity, void **buf, int32_t bufsz)
    static final MethodHandle RETURN_LOAN =
        bind("dds_return_loan", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);

    // void dds_set_log_sink(dds_log_write_fn_t callback, void *userdata)
    static final MethodHandle SET_LOG_SINK = bind("dds_set_log_sink", null, ADDRESS, JAVA_LONG);

    // void (*dds_log_write_fn_t)(void *userdata, const dds_log_data_t *data)
    static final MemorySegment LOG_SINK = callback("hear", DdscLog.class);

    // dds_return_t dds_write(dds_entity_t writer, const void *data)
    static final MethodHandle WRITE = bind("dds_write", JAVA_INT, JAVA_INT, ADDRESS);

    // dds_return_t dds_writecdr(dds_entity_t writer, struct ddsi_serdata *serdata)
    static final MethodHandle WRITECDR = bind("dds_writecdr", JAVA_INT, JAVA_INT, JAVA_LONG);

    // dds_return_t dds_takecdr(dds_entity_t reader_or_condition, struct ddsi_serdata **buf,
    //     uint32_t maxs, dds_sample_info_t *si, uint32_t mask)
    static final MethodHandle TAKECDR =
        bind("dds_takecdr", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);

    // struct ddsi_serdata *ddsi_serdata_from_ser_iov(const struct ddsi_sertype *type,
    //     enum ddsi_serdata_kind kind, ddsrt_msg_iovlen_t niov, const ddsrt_iovec_t *iov,
    //     size_t size)
    static final MethodHandle SERDATA_FROM_SER_IOV =
        bind(
            "ddsi_serdata_from_ser_iov",
            JAVA_LONG,
            JAVA_LONG,
            JAVA_INT,
            JAVA_LONG,
            ADDRESS,
            JAVA_LONG);

    // uint32_t ddsi_serdata_size(const struct ddsi_serdata *d)
    static final MethodHandle SERDATA_SIZE = bind("ddsi_serdata_size", JAVA_INT, JAVA_LONG);

    // void ddsi_serdata_to_ser(const struct ddsi_serdata *d, size_t off, size_t sz, void *buf)
    static final MethodHandle SERDATA_TO_SER =
        bind("ddsi_serdata_to_ser", null, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);

    // struct ddsi_serdata *ddsi_serdata_to_ser_ref(const struct ddsi_serdata *d, size_t off,
    //     size_t sz, ddsrt_iovec_t *ref)
    static final MethodHandle SERDATA_TO_SER_REF =
        bind("ddsi_serdata_to_ser_ref", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);

    // void ddsi_serdata_to_ser_unref(struct ddsi_serdata *d, const ddsrt_iovec_t *ref)
    static final MethodHandle SERDATA_TO_SER_UNREF =
        bind("ddsi_serdata_to_ser_unref", null, JAVA_LONG, ADDRESS);

    // void ddsi_serdata_unref(struct ddsi_serdata *serdata)
    static final MethodHandle SERDATA_UNREF = bind("ddsi_serdata_unref", null, JAVA_LONG);

    // const char *dds_strretcode(dds_return_t ret)
    static final MethodHandle STRRETCODE = bind("dds_strretcode", ADDRESS, JAVA_INT);

    // dds_return_t dds_get_entity_sertype(dds_entity_t entity,
    //     const struct ddsi_sertype **sertype)   -- 11.0 and later
    static final @Nullable MethodHandle GET_ENTITY_SERTYPE =
        Objects.requireNonNull(symbols).find("dds_get_entity_sertype").isPresent()
            ? bind("dds_get_entity_sertype", JAVA_INT, JAVA_INT, ADDRESS)
            : null;

    private Calls() {}
  }

  /**
   * Passes a result on, or makes a fault of a negative one.
   *
   * @param operation what was being done, for the message
   */
  static int check(int result, String operation) {
    if (result < 0) {
      throw new RosFault(
          "%s: Cyclone DDS says '%s' (%s)".formatted(operation, text(result), result));
    }
    return result;
  }

  private static String text(int code) {
    try {
      return text((MemorySegment) Calls.STRRETCODE.invokeExact(code));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** What an entity is told apart by. */
  static DdsGuid guid(int entity) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment guid = arena.allocate(DdsGuid.BYTES);
      check((int) Calls.GET_GUID.invokeExact(entity, guid), "asking for a GUID");
      return DdsGuid.at(guid, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** A string of the library's that ends with a zero byte; cut off if it is absurdly long. */
  @SuppressWarnings("restricted")
  static String text(MemorySegment address) {
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
