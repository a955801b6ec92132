"""An independent ROS 2 peer on Eclipse Cyclone's own Python binding, for CyclonePeerTest.

    python3 cyclone_peer.py echo DOMAIN    sends back every JointState and Image it gets
    python3 cyclone_peer.py discover DOMAIN TOPIC    prints who publishes TOPIC and how
    python3 cyclone_peer.py lie DOMAIN     publishes JointStates that are none, then a true one
    python3 cyclone_peer.py wrong DOMAIN   publishes Float64MultiArrays and JointStates on one topic

Configured by CYCLONEDDS_URI.
"""

import sys
import time
from dataclasses import dataclass

import cyclonedds.idl.types as t
from cyclonedds.builtin import BuiltinDataReader, BuiltinTopicDcpsParticipant
from cyclonedds.builtin import BuiltinTopicDcpsPublication
from cyclonedds.domain import DomainParticipant
from cyclonedds.idl import IdlStruct
from cyclonedds.pub import DataWriter
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic
from ros_types import QOS, Float64MultiArray, Header, Image, JointState, MultiArrayLayout, Time


@dataclass
class Lie(IdlStruct, typename="sensor_msgs::msg::dds_::JointState_"):
    data: t.sequence[t.uint8]


PATIENCE_SECONDS = 60


def echo(participant):
    pairs = []
    for topic, kind in (("joint_states", JointState), ("image", Image)):
        reader = DataReader(participant, Topic(participant, "rt/" + topic, kind), qos=QOS)
        back = Topic(participant, "rt/" + topic + "_echo", kind)
        pairs.append((reader, DataWriter(participant, back, qos=QOS)))
    print("ready", flush=True)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        for reader, writer in pairs:
            for sample in reader.take(10):
                sample.header.frame_id = "echo of " + sample.header.frame_id
                writer.write(sample)
        time.sleep(0.002)


def discover(participant, topic):
    publications = BuiltinDataReader(participant, BuiltinTopicDcpsPublication)
    participants = BuiltinDataReader(participant, BuiltinTopicDcpsParticipant)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        for sample in publications.take(50):
            if sample.topic_name == topic:
                print("type", sample.type_name)
                for policy in sample.qos:
                    print("policy", policy)
                time.sleep(0.2)
                for other in participants.take(50):
                    for policy in other.qos:
                        print("participant", policy)
                print("done", flush=True)
                return
        time.sleep(0.02)


def lie(participant):
    """Under the same type name: lengths that reach beyond the message, then an honest message."""
    liar = DataWriter(participant, Topic(participant, "rt/joint_states", Lie), qos=QOS)
    other = DomainParticipant(int(sys.argv[2]))
    honest = DataWriter(other, Topic(other, "rt/joint_states", JointState), qos=QOS)
    print("ready", flush=True)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        for fill in (0xFF, 0x7F, 0x01):
            liar.write(Lie([fill] * 64))
        honest.write(JointState(Header(Time(1, 2), "true"), [], [], [], []))
        time.sleep(0.2)


def wrong(participant):
    other = DomainParticipant(int(sys.argv[2]))
    stray = DataWriter(other, Topic(other, "rt/typed", Float64MultiArray), qos=QOS)
    honest = DataWriter(participant, Topic(participant, "rt/typed", JointState), qos=QOS)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        stray.write(Float64MultiArray(MultiArrayLayout([], 0), [1.0]))
        honest.write(JointState(Header(Time(1, 2), "true"), [], [], [], []))
        time.sleep(0.1)


domain = DomainParticipant(int(sys.argv[2]))
if sys.argv[1] == "echo":
    echo(domain)
elif sys.argv[1] == "lie":
    lie(domain)
elif sys.argv[1] == "wrong":
    wrong(domain)
else:
    discover(domain, sys.argv[3])
