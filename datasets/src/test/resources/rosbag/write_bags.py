"""Writes the bags of RosbagImportTest beside this file, with rosbags for Python.

write_bags.py    needs rosbags; removes the bags that are there
"""
import pathlib
import shutil

import numpy as np
from rosbags.rosbag2 import CompressionFormat, CompressionMode, StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

START = 1_700_000_000_000_000_000
STATES = 40
JOINTS = [f"panda_joint{i}" for i in range(1, 8)] + ["panda_finger_joint1"]
BAGS = {
    "mcap": (StoragePlugin.MCAP, 9, CompressionMode.NONE),
    "mcap_messages": (StoragePlugin.MCAP, 9, CompressionMode.MESSAGE),
    "sqlite": (StoragePlugin.SQLITE3, 8, CompressionMode.NONE),
    "sqlite_file": (StoragePlugin.SQLITE3, 9, CompressionMode.FILE),
    "sqlite_messages": (StoragePlugin.SQLITE3, 9, CompressionMode.MESSAGE),
}


def messages(store):
    """(nanoseconds, topic, message): states each 10 ms, 3 ms old; commands each 20, pictures each 40."""
    kind = store.types
    layout = kind["std_msgs/msg/MultiArrayLayout"](dim=[], data_offset=0)
    for k in range(STATES):
        nanos = START + k * 10_000_000
        stamp = nanos - 3_000_000
        time = kind["builtin_interfaces/msg/Time"](stamp // 10**9, stamp % 10**9)
        header = kind["std_msgs/msg/Header"](stamp=time, frame_id="base")
        positions = np.array([k * 0.01 + j * 0.1 for j in range(8)])
        yield nanos, "/joint_states", kind["sensor_msgs/msg/JointState"](
            header=header, name=JOINTS, position=positions, velocity=np.zeros(0), effort=np.zeros(0))
        if k % 2 == 0:
            yield nanos + 1, "/arm/commands", kind["std_msgs/msg/Float64MultiArray"](
                layout=layout, data=-positions)
        if k % 4 == 0:
            yield nanos + 2, "/scene_camera/image_raw", kind["sensor_msgs/msg/Image"](
                header=header, height=2, width=3, encoding="rgb8", is_bigendian=0, step=9,
                data=np.full(18, k, np.uint8))
    yield START, "/note", kind["std_msgs/msg/String"](data="as it was")


def write(folder, storage, version, mode):
    store = get_typestore(Stores.ROS2_JAZZY)
    writer = Writer(folder, version=version, storage_plugin=storage)
    writer.set_compression(mode, CompressionFormat.ZSTD)
    with writer:
        connections = {}
        for nanos, topic, message in messages(store):
            if topic not in connections:
                connections[topic] = writer.add_connection(
                    topic, message.__msgtype__, typestore=store)
            writer.write(connections[topic], nanos,
                         store.serialize_cdr(message, message.__msgtype__))


if __name__ == "__main__":
    here = pathlib.Path(__file__).parent
    for name, how in BAGS.items():
        shutil.rmtree(here / name, ignore_errors=True)
        write(here / name, *how)
