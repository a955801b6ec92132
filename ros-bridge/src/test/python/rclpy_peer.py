"""A node on ROS 2's own Python client library, for RclpyPeerTest.

    python3 rclpy_peer.py echo      sends back every JointState and Image it gets
    python3 rclpy_peer.py graph TOPIC    prints the nodes and who publishes TOPIC, once somebody does
    python3 rclpy_peer.py wrong TOPIC    publishes std_msgs/Empty on TOPIC

Domain and discovery range are read from the environment.
"""

import sys
import time

import rclpy
from rclpy.qos import QoSProfile
from sensor_msgs.msg import Image, JointState
from std_msgs.msg import Empty

PATIENCE_SECONDS = 60


def echo(node):
    def answer(topic, kind):
        back = node.create_publisher(kind, topic + "_echo", QoSProfile(depth=10))

        def send_back(message):
            message.header.frame_id = "echo of " + message.header.frame_id
            back.publish(message)

        node.create_subscription(kind, topic, send_back, QoSProfile(depth=10))

    answer("joint_states", JointState)
    answer("image", Image)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        rclpy.spin_once(node, timeout_sec=1)


def graph(node, topic):
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        publishers = node.get_publishers_info_by_topic(topic)
        names = node.get_fully_qualified_node_names()
        if publishers and len(names) > 1:
            for name in names:
                print("node", name)
            for each in publishers:
                print("publisher", each.node_namespace, each.node_name, each.topic_type)
                print(each.qos_profile.reliability.name, each.qos_profile.durability.name)
                print("hash", each.topic_type_hash)
            break
        time.sleep(0.05)
    print("done", flush=True)
    while time.time() < end:
        time.sleep(0.1)


def wrong(node, topic):
    publisher = node.create_publisher(Empty, topic, 10)
    end = time.time() + PATIENCE_SECONDS
    while time.time() < end:
        publisher.publish(Empty())
        time.sleep(0.05)


def main():
    rclpy.init()
    node = rclpy.create_node("peer")
    {"echo": echo, "graph": graph, "wrong": wrong}[sys.argv[1]](node, *sys.argv[2:])


main()
