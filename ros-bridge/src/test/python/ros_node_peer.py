"""An independent ROS 2 node on Eclipse Cyclone's own Python binding, for NodeGraphTest and
CycloneServicesTest. Written from rmw_dds_common and rmw_cyclonedds.

    python3 ros_node_peer.py nodes DOMAIN NODE       prints what the node is said to have
    python3 ros_node_peer.py publish DOMAIN TOPIC    is node /rival/teleop and publishes TOPIC
    python3 ros_node_peer.py lie DOMAIN              announces nodes in bytes that are none
    python3 ros_node_peer.py call DOMAIN SERVICE     asks ChangeState, ten times, and two at once
    python3 ros_node_peer.py serve DOMAIN SERVICE    answers ChangeState

Configured by CYCLONEDDS_URI.
"""

import sys
import time
from dataclasses import dataclass

import cyclonedds.idl.types as t
from cyclonedds.builtin import BuiltinDataReader, BuiltinTopicDcpsPublication
from cyclonedds.builtin import BuiltinTopicDcpsSubscription
from cyclonedds.domain import DomainParticipant
from cyclonedds.idl import IdlStruct
from cyclonedds.pub import DataWriter
from cyclonedds.qos import Policy, Qos
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic
from cyclonedds.util import duration
from ros_types import QOS, Float64MultiArray

PATIENCE_SECONDS = 60


@dataclass
class Gid(IdlStruct, typename="rmw_dds_common::msg::dds_::Gid_"):
    data: t.array[t.uint8, 16]


@dataclass
class NodeEntitiesInfo(IdlStruct, typename="rmw_dds_common::msg::dds_::NodeEntitiesInfo_"):
    node_namespace: t.bounded_str[256]
    node_name: t.bounded_str[256]
    reader_gid_seq: t.sequence[Gid]
    writer_gid_seq: t.sequence[Gid]


INFO = "rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_"


@dataclass
class ParticipantEntitiesInfo(IdlStruct, typename=INFO):
    gid: Gid
    node_entities_info_seq: t.sequence[NodeEntitiesInfo]


@dataclass
class Lie(IdlStruct, typename=INFO):
    data: t.array[t.uint8, 64]


@dataclass
class Transition(IdlStruct, typename="lifecycle_msgs::msg::dds_::Transition_"):
    id: t.uint8
    label: str


@dataclass
class ChangeStateRequest(IdlStruct, typename="lifecycle_msgs::srv::dds_::ChangeState_Request_"):
    client: t.uint64
    sequence: t.int64
    transition: Transition


@dataclass
class ChangeStateResponse(IdlStruct, typename="lifecycle_msgs::srv::dds_::ChangeState_Response_"):
    client: t.uint64
    sequence: t.int64
    success: bool


LATCHED = Qos(
    Policy.Reliability.Reliable(duration(seconds=5)),
    Policy.Durability.TransientLocal,
    Policy.History.KeepLast(1),
    Policy.DataRepresentation(use_cdrv0_representation=True),
)


def until(condition):
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        result = condition()
        if result:
            return result
        time.sleep(0.02)
    sys.exit("waited in vain")


def user_data(qos):
    return next((bytes(p.data).decode() for p in qos if isinstance(p, Policy.Userdata)), "")


def nodes(participant, wanted):
    """Each endpoint that the node is said to have, by what DDS discovers of it."""
    reader = DataReader(participant, Topic(participant, "ros_discovery_info", ParticipantEntitiesInfo), qos=LATCHED)
    endpoints = {}
    builtin = {
        "writer": BuiltinDataReader(participant, BuiltinTopicDcpsPublication),
        "reader": BuiltinDataReader(participant, BuiltinTopicDcpsSubscription),
    }
    said = {}

    def complete():
        for kind, each in builtin.items():
            for sample in each.take(100):
                if sample.sample_info.valid_data:
                    endpoints[sample.key.bytes] = (kind, sample.topic_name, user_data(sample.qos))
        for info in reader.take(100):
            for node in info.node_entities_info_seq:
                full = node.node_namespace.rstrip("/") + "/" + node.node_name
                said[full] = (info, node)
        if wanted not in said:
            return False
        gids = said[wanted][1].reader_gid_seq + said[wanted][1].writer_gid_seq
        topics = [endpoints.get(bytes(gid.data)) for gid in gids]
        return len(topics) >= int(sys.argv[4]) and None not in topics and topics

    for kind, topic, data in until(complete):
        print(kind, topic, data)
    info, node = said[wanted]
    participants = {bytes(info.gid.data)[:12]} | {bytes(g.data)[:12] for g in node.writer_gid_seq}
    print("participants", len(participants))
    print("done", flush=True)


def announce(participant, node):
    topic = Topic(participant, "ros_discovery_info", ParticipantEntitiesInfo)
    writer = DataWriter(participant, topic, qos=LATCHED)
    writer.write(ParticipantEntitiesInfo(Gid(list(participant.guid.bytes)), [node]))
    return writer


def publish(participant, name):
    topic = Topic(participant, "rt" + name, Float64MultiArray)
    writer = DataWriter(participant, topic, qos=QOS)
    node = NodeEntitiesInfo("/rival", "teleop", [], [Gid(list(writer.guid.bytes))])
    kept = announce(participant, node)
    print("ready", flush=True)
    time.sleep(PATIENCE_SECONDS)
    del kept


def lie(participant):
    """Bytes that say of themselves that they hold more than they do; then a true node."""
    liar = DataWriter(participant, Topic(participant, "ros_discovery_info", Lie), qos=LATCHED)
    for fill in (0xFF, 0x7F, 0x01):
        liar.write(Lie([fill] * 64))
        time.sleep(0.1)
    other = DomainParticipant(int(sys.argv[2]))
    publish(other, "/lied_about")


def call(participant, name):
    data = Policy.Userdata(b"clientid=1.2.3.4;")
    qos = Qos(*[p for p in QOS], data)
    requests = DataWriter(participant, Topic(participant, "rq%sRequest" % name, ChangeStateRequest), qos=qos)
    replies = DataReader(participant, Topic(participant, "rr%sReply" % name, ChangeStateResponse), qos=qos)
    until(lambda: requests.get_matched_subscriptions() and replies.get_matched_publications())
    answers = {}

    def answered(count):
        for reply in replies.take(20):
            if reply.client == 77:
                answers[reply.sequence] = reply.success
        return len(answers) >= count

    for sequence in range(10):
        requests.write(ChangeStateRequest(77, sequence, Transition(sequence, "label %d" % sequence)))
        until(lambda: answered(sequence + 1))
    for sequence in (10, 11):
        requests.write(ChangeStateRequest(77, sequence, Transition(sequence, "label %d" % sequence)))
    until(lambda: answered(12))
    print(" ".join("%d=%s" % pair for pair in sorted(answers.items())))
    print("done", flush=True)


def serve(participant, name):
    data = Policy.Userdata(b"serviceid=5.6.7.8;")
    qos = Qos(*[p for p in QOS], data)
    requests = DataReader(participant, Topic(participant, "rq%sRequest" % name, ChangeStateRequest), qos=qos)
    replies = DataWriter(participant, Topic(participant, "rr%sReply" % name, ChangeStateResponse), qos=qos)
    print("ready", flush=True)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        for request in requests.take(20):
            wanted = request.transition.label == "activate"
            replies.write(ChangeStateResponse(request.client + 1, request.sequence, not wanted))
            replies.write(ChangeStateResponse(request.client, request.sequence, wanted))
        time.sleep(0.005)


def main():
    participant = DomainParticipant(int(sys.argv[2]), Qos(Policy.Userdata(b"enclave=/;")))
    {"nodes": nodes, "publish": publish, "call": call, "serve": serve}.get(
        sys.argv[1], lambda p, _: lie(p)
    )(participant, sys.argv[3] if len(sys.argv) > 3 else "")


main()
