package dev.forearm.ros.dds.ffi;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;

/** Structures of Cyclone DDS 0.10 and 11.0, 64-bit; the same in both. */
final class DdscLayouts {
  /** {@code struct dds_type_meta_ser { unsigned char *data; uint32_t sz; }}. */
  private static final StructLayout TYPE_META =
      MemoryLayout.structLayout(
          ADDRESS.withName("data"), JAVA_INT.withName("sz"), MemoryLayout.paddingLayout(4));

  /** {@code dds_topic_descriptor_t} of dds/ddsc/dds_public_impl.h. */
  static final StructLayout TOPIC_DESCRIPTOR =
      MemoryLayout.structLayout(
          JAVA_INT.withName("m_size"),
          JAVA_INT.withName("m_align"),
          JAVA_INT.withName("m_flagset"),
          JAVA_INT.withName("m_nkeys"),
          ADDRESS.withName("m_typename"),
          ADDRESS.withName("m_keys"),
          JAVA_INT.withName("m_nops"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("m_ops"),
          ADDRESS.withName("m_meta"),
          TYPE_META.withName("type_information"),
          TYPE_META.withName("type_mapping"),
          JAVA_INT.withName("restrict_data_representation"),
          MemoryLayout.paddingLayout(4));

  /** {@code dds_sample_info_t} of dds/dds.h. */
  static final StructLayout SAMPLE_INFO =
      MemoryLayout.structLayout(
          JAVA_INT.withName("sample_state"),
          JAVA_INT.withName("view_state"),
          JAVA_INT.withName("instance_state"),
          JAVA_BOOLEAN.withName("valid_data"),
          MemoryLayout.paddingLayout(3),
          JAVA_LONG.withName("source_timestamp"),
          JAVA_LONG.withName("instance_handle"),
          JAVA_LONG.withName("publication_handle"),
          JAVA_INT.withName("disposed_generation_count"),
          JAVA_INT.withName("no_writers_generation_count"),
          JAVA_INT.withName("sample_rank"),
          JAVA_INT.withName("generation_rank"),
          JAVA_INT.withName("absolute_generation_rank"),
          MemoryLayout.paddingLayout(4));

  /** {@code ddsrt_iovec_t}, the platform's {@code struct iovec}. */
  static final StructLayout IOVEC =
      MemoryLayout.structLayout(ADDRESS.withName("iov_base"), JAVA_LONG.withName("iov_len"));

  /** The head of {@code struct ddsi_serdata} of dds/ddsi/ddsi_serdata.h. */
  static final StructLayout SERDATA_HEAD =
      MemoryLayout.structLayout(
          ADDRESS.withName("ops"),
          JAVA_INT.withName("hash"),
          JAVA_INT.withName("refc"),
          JAVA_INT.withName("kind"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("type"));

  /** {@code dds_builtintopic_endpoint_t} of dds/dds.h. */
  static final StructLayout ENDPOINT =
      MemoryLayout.structLayout(
          MemoryLayout.sequenceLayout(16, JAVA_BYTE).withName("key"),
          MemoryLayout.sequenceLayout(16, JAVA_BYTE).withName("participant_key"),
          JAVA_LONG.withName("participant_instance_handle"),
          ADDRESS.withName("topic_name"),
          ADDRESS.withName("type_name"),
          ADDRESS.withName("qos"));

  /** {@code dds_log_data_t} of dds/ddsrt/log.h. */
  static final StructLayout LOG_DATA =
      MemoryLayout.structLayout(
          JAVA_INT.withName("priority"),
          JAVA_INT.withName("domid"),
          ADDRESS.withName("file"),
          JAVA_INT.withName("line"),
          MemoryLayout.paddingLayout(4),
          ADDRESS.withName("function"),
          ADDRESS.withName("message"),
          JAVA_LONG.withName("size"),
          JAVA_LONG.withName("hdrsize"));

  static final long SAMPLE_VALID = offset(SAMPLE_INFO, "valid_data");
  static final long SAMPLE_PUBLICATION = offset(SAMPLE_INFO, "publication_handle");

  private DdscLayouts() {}

  static long offset(StructLayout struct, String field) {
    return struct.byteOffset(PathElement.groupElement(field));
  }
}
