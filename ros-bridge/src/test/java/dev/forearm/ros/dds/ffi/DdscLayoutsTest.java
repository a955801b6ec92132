package dev.forearm.ros.dds.ffi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.forearm.ros.msg.geometry_msgs.PoseArray;
import dev.forearm.ros.msg.sensor_msgs.JointState;
import java.lang.foreign.StructLayout;
import org.junit.jupiter.api.Test;

/** Sizes and offsets as a C compiler prints them from the headers of 0.10.2 and 11.0.1. */
class DdscLayoutsTest {
  private static final int ADR = 0x0100_0000;

  private static void offset(StructLayout struct, String field, long expected) {
    assertEquals(expected, DdscLayouts.offset(struct, field), field);
  }

  @Test
  void theTopicDescriptorIsLaidOutAsInC() {
    assertEquals(96, DdscLayouts.TOPIC_DESCRIPTOR.byteSize());
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_size", 0);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_align", 4);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_flagset", 8);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_nkeys", 12);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_typename", 16);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_keys", 24);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_nops", 32);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_ops", 40);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "m_meta", 48);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "type_information", 56);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "type_mapping", 72);
    offset(DdscLayouts.TOPIC_DESCRIPTOR, "restrict_data_representation", 88);
  }

  @Test
  void theSampleInfoIsLaidOutAsInC() {
    assertEquals(64, DdscLayouts.SAMPLE_INFO.byteSize());
    offset(DdscLayouts.SAMPLE_INFO, "valid_data", 12);
    offset(DdscLayouts.SAMPLE_INFO, "source_timestamp", 16);
    offset(DdscLayouts.SAMPLE_INFO, "publication_handle", 32);
    offset(DdscLayouts.SAMPLE_INFO, "absolute_generation_rank", 56);
  }

  @Test
  void theSmallStructuresAreLaidOutAsInC() {
    assertEquals(16, DdscLayouts.IOVEC.byteSize());
    offset(DdscLayouts.IOVEC, "iov_len", 8);
    offset(DdscLayouts.SERDATA_HEAD, "type", 24);
  }

  @Test
  void whatIsDiscoveredAndWhatIsLoggedIsLaidOutAsInC() {
    assertEquals(64, DdscLayouts.ENDPOINT.byteSize());
    offset(DdscLayouts.ENDPOINT, "participant_instance_handle", 32);
    offset(DdscLayouts.ENDPOINT, "topic_name", 40);
    offset(DdscLayouts.ENDPOINT, "type_name", 48);
    offset(DdscLayouts.ENDPOINT, "qos", 56);
    assertEquals(56, DdscLayouts.LOG_DATA.byteSize());
    offset(DdscLayouts.LOG_DATA, "file", 8);
    offset(DdscLayouts.LOG_DATA, "function", 24);
    offset(DdscLayouts.LOG_DATA, "message", 32);
    offset(DdscLayouts.LOG_DATA, "size", 40);
  }

  @Test
  void aJointStateCompilesToTheInstructionsOfIdlc() {
    SerializerOps.Program program = SerializerOps.compile(JointState.TYPE);
    assertArrayEquals(
        new int[] {
          ADR | 0x03_0000,
          0,
          ADR | 0x03_0000,
          4,
          ADR | 0x05_0000,
          8,
          ADR | 0x07_0500,
          16,
          ADR | 0x07_0400,
          40,
          ADR | 0x07_0400,
          64,
          ADR | 0x07_0400,
          88,
          0
        },
        program.ops());
    assertEquals(112, program.sampleBytes());
  }

  @Test
  void elementsOfASequenceOfMessagesAreASubroutine() {
    SerializerOps.Program program = SerializerOps.compile(PoseArray.TYPE);
    int[] ops = program.ops();
    assertEquals(ADR | 0x07_0a00, ops[6]);
    assertEquals(16, ops[7]);
    assertEquals(56, ops[8], "seven doubles");
    assertEquals(19 << 16 | 4, ops[9], "next instruction, first element instruction");
    assertEquals(ADR | 0x04_0000, ops[10]);
    assertEquals(0, ops[6 + 19 - 1], "the element's RTS");
    assertEquals(0, ops[6 + 19], "the message's RTS");
    assertEquals(6 + 19 + 1, ops.length);
  }
}
