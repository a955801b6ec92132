// An independent ROS 2 peer on eProsima Fast DDS, for FastDdsPeerTest: sends back every JointState
// and Image it gets, decoded and encoded by Fast CDR, on the loopback interface only.
//
//   g++ -std=c++17 -O1 fastdds_peer.cpp -lfastrtps -lfastcdr -o fastdds_peer
//   ./fastdds_peer DOMAIN

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include <fastcdr/Cdr.h>
#include <fastdds/dds/domain/DomainParticipant.hpp>
#include <fastdds/dds/domain/DomainParticipantFactory.hpp>
#include <fastdds/dds/publisher/DataWriter.hpp>
#include <fastdds/dds/publisher/Publisher.hpp>
#include <fastdds/dds/subscriber/DataReader.hpp>
#include <fastdds/dds/subscriber/SampleInfo.hpp>
#include <fastdds/dds/subscriber/Subscriber.hpp>
#include <fastdds/dds/topic/TopicDataType.hpp>
#include <fastdds/dds/topic/TypeSupport.hpp>
#include <fastdds/rtps/transport/UDPv4TransportDescriptor.h>
#include <fastrtps/utils/IPLocator.h>

using namespace eprosima::fastdds::dds;
using eprosima::fastcdr::Cdr;
using eprosima::fastcdr::FastBuffer;
using eprosima::fastrtps::rtps::SerializedPayload_t;

struct Header {
  int32_t sec = 0;
  uint32_t nanosec = 0;
  std::string frame_id;
};

struct JointState {
  Header header;
  std::vector<std::string> name;
  std::vector<double> position, velocity, effort;
};

struct Image {
  Header header;
  uint32_t height = 0, width = 0;
  std::string encoding;
  uint8_t is_bigendian = 0;
  uint32_t step = 0;
  std::vector<uint8_t> data;
};

void write(Cdr& cdr, const Header& h) { cdr << h.sec << h.nanosec << h.frame_id; }
void read(Cdr& cdr, Header& h) { cdr >> h.sec >> h.nanosec >> h.frame_id; }

void write(Cdr& cdr, const JointState& m) {
  write(cdr, m.header);
  cdr << m.name << m.position << m.velocity << m.effort;
}
void read(Cdr& cdr, JointState& m) {
  read(cdr, m.header);
  cdr >> m.name >> m.position >> m.velocity >> m.effort;
}

void write(Cdr& cdr, const Image& m) {
  write(cdr, m.header);
  cdr << m.height << m.width << m.encoding << m.is_bigendian << m.step << m.data;
}
void read(Cdr& cdr, Image& m) {
  read(cdr, m.header);
  cdr >> m.height >> m.width >> m.encoding >> m.is_bigendian >> m.step >> m.data;
}

template <typename Message>
class MessageType : public TopicDataType {
 public:
  explicit MessageType(const char* name) {
    setName(name);
    m_typeSize = 4 << 20;
    m_isGetKeyDefined = false;
  }
  bool serialize(void* data, SerializedPayload_t* payload) override {
    FastBuffer buffer(reinterpret_cast<char*>(payload->data), payload->max_size);
    Cdr cdr(buffer, Cdr::DEFAULT_ENDIAN, Cdr::DDS_CDR);
    payload->encapsulation = CDR_LE;
    cdr.serialize_encapsulation();
    write(cdr, *static_cast<Message*>(data));
    payload->length = static_cast<uint32_t>(cdr.getSerializedDataLength());
    return true;
  }
  bool deserialize(SerializedPayload_t* payload, void* data) override {
    try {
      FastBuffer buffer(reinterpret_cast<char*>(payload->data), payload->length);
      Cdr cdr(buffer, Cdr::DEFAULT_ENDIAN, Cdr::DDS_CDR);
      cdr.read_encapsulation();
      read(cdr, *static_cast<Message*>(data));
      return true;
    } catch (const std::exception& e) {
      std::printf("malformed: %s\n", e.what());
      return false;
    }
  }
  std::function<uint32_t()> getSerializedSizeProvider(void*) override {
    return [this] { return m_typeSize; };
  }
  void* createData() override { return new Message(); }
  void deleteData(void* data) override { delete static_cast<Message*>(data); }
  bool getKey(void*, eprosima::fastrtps::rtps::InstanceHandle_t*, bool) override { return false; }
};

template <typename Message>
struct Echo {
  DataReader* reader;
  DataWriter* writer;

  Echo(DomainParticipant* participant, const char* type, const std::string& topic) {
    TypeSupport support(new MessageType<Message>(type));
    support.register_type(participant);
    Topic* in = participant->create_topic("rt/" + topic, type, TOPIC_QOS_DEFAULT);
    Topic* out = participant->create_topic("rt/" + topic + "_echo", type, TOPIC_QOS_DEFAULT);
    DataReaderQos reads;
    reads.reliability().kind = RELIABLE_RELIABILITY_QOS;
    reads.history().depth = 10;
    reads.endpoint().history_memory_policy =
        eprosima::fastrtps::rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
    reader = participant->create_subscriber(SUBSCRIBER_QOS_DEFAULT)->create_datareader(in, reads);
    DataWriterQos writes;
    writes.reliability().kind = RELIABLE_RELIABILITY_QOS;
    writes.history().depth = 10;
    writes.publish_mode().kind = ASYNCHRONOUS_PUBLISH_MODE;  // fragments go out in the background
    writes.endpoint().history_memory_policy =
        eprosima::fastrtps::rtps::PREALLOCATED_WITH_REALLOC_MEMORY_MODE;
    writer = participant->create_publisher(PUBLISHER_QOS_DEFAULT)->create_datawriter(out, writes);
  }

  void poll() {
    Message message;
    SampleInfo info;
    while (reader->take_next_sample(&message, &info) == ReturnCode_t::RETCODE_OK) {
      if (info.valid_data) {
        message.header.frame_id = "echo of " + message.header.frame_id;
        writer->write(&message);
      }
    }
  }
};

int main(int, char** arguments) {
  DomainParticipantQos qos = PARTICIPANT_QOS_DEFAULT;
  auto udp = std::make_shared<eprosima::fastdds::rtps::UDPv4TransportDescriptor>();
  udp->interfaceWhiteList.push_back("127.0.0.1");
  udp->maxInitialPeersRange = 32;
  qos.transport().use_builtin_transports = false;
  qos.transport().user_transports.push_back(udp);
  eprosima::fastrtps::rtps::Locator_t peer;
  eprosima::fastrtps::rtps::IPLocator::setIPv4(peer, 127, 0, 0, 1);
  qos.wire_protocol().builtin.initialPeersList.push_back(peer);
  eprosima::fastrtps::rtps::Locator_t own;
  eprosima::fastrtps::rtps::IPLocator::setIPv4(own, 127, 0, 0, 1);
  qos.wire_protocol().builtin.metatrafficUnicastLocatorList.push_back(own);

  DomainParticipant* participant =
      DomainParticipantFactory::get_instance()->create_participant(std::atoi(arguments[1]), qos);
  if (participant == nullptr) {
    std::printf("no participant\n");
    return 1;
  }
  Echo<JointState> states(participant, "sensor_msgs::msg::dds_::JointState_", "joint_states");
  Echo<Image> images(participant, "sensor_msgs::msg::dds_::Image_", "image");
  for (int i = 0; i < 30000; i++) {  // a minute, then the test has failed anyway
    states.poll();
    images.poll();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return 0;
}
