"""An independent ROS 2 peer beside a whole robot, for RobotPeerTest.

    python3 robot_peer.py watch DOMAIN    tells what simulator and runtime publish
    python3 robot_peer.py drive DOMAIN    moves the simulated arm, by positions and by a trajectory

Answers with one JSON object on its last line; exit code 77 where the binding is not installed.
Configured by CYCLONEDDS_URI.
"""

import json
import pathlib
import sys
import time

try:
    import cyclonedds  # noqa: F401
except ImportError:
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).parents[4] / "ros-bridge/src/test/python"))

from cyclonedds.domain import DomainParticipant
from cyclonedds.pub import DataWriter
from cyclonedds.qos import Policy, Qos
from cyclonedds.sub import DataReader
from cyclonedds.topic import Topic
from ros_types import (
    QOS,
    Duration,
    Float64MultiArray,
    Header,
    Image,
    JointState,
    JointTrajectory,
    JointTrajectoryPoint,
    MultiArrayLayout,
    Time,
)

PATIENCE_SECONDS = 60
STEP_RAD = 0.15


BEST_EFFORT = Qos(
    Policy.Reliability.BestEffort,
    Policy.History.KeepLast(10),
    Policy.DataRepresentation(use_cdrv0_representation=True),
)


def reader(participant, topic, kind):
    return DataReader(participant, Topic(participant, "rt" + topic, kind), qos=BEST_EFFORT)


def newest(source):
    """The newest message of a reader, waited for."""
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        samples = source.take(50)
        if samples:
            return samples[-1]
        time.sleep(0.002)
    sys.exit("waited in vain for " + source.topic.name)


def watch(participant):
    states = reader(participant, "/joint_states", JointState)
    commands = reader(participant, "/arm_controller/commands", Float64MultiArray)
    cameras = {
        topic: reader(participant, topic, Image)
        for topic in ("/scene_camera/image_raw", "/wrist_camera/image_raw")
    }
    told = {"joints": newest(states).name, "command_values": len(newest(commands).data)}
    for topic, camera in cameras.items():
        image = newest(camera)
        told[topic] = {
            "size": [image.width, image.height],
            "encoding": image.encoding,
            "bytes": len(image.data),
            "colours": len(set(image.data)),
        }
    return told


def drive(participant):
    states = reader(participant, "/joint_states", JointState)
    commands = DataWriter(
        participant, Topic(participant, "rt/arm_controller/commands", Float64MultiArray), qos=QOS
    )
    trajectories = DataWriter(
        participant,
        Topic(participant, "rt/arm_controller/joint_trajectory", JointTrajectory),
        qos=QOS,
    )
    first = newest(states)
    names = [name for name in first.name if name != "panda_finger_joint2"]
    start = [first.position[first.name.index(name)] for name in names]
    for tick in range(1, 301):  # 3 s at 100 Hz: two to get there, one to rest
        share = min(1.0, tick / 200)
        target = [start[0] + STEP_RAD * share] + start[1:]
        commands.write(Float64MultiArray(MultiArrayLayout([], 0), target))
        time.sleep(0.01)
    by_positions = newest(states).position[first.name.index(names[0])]
    point = JointTrajectoryPoint(start, [], [], [], Duration(2, 0))
    trajectories.write(JointTrajectory(Header(Time(0, 0), ""), names, [point]))
    time.sleep(3)
    states.take(1000)
    by_trajectory = newest(states).position[first.name.index(names[0])]
    return {"by_positions": by_positions - start[0], "by_trajectory": by_trajectory - start[0]}


modes = {"watch": watch, "drive": drive}
print(json.dumps(modes[sys.argv[1]](DomainParticipant(int(sys.argv[2])))), flush=True)
