"""A round trip over ROS 2's own Python client library. Its ends and what they are told: package-info of
dev.forearm.bench.ros.

    python3 rclpy_peer.py echo PREFIX | python3 rclpy_peer.py ping PREFIX
"""

import sys
import threading
import time

import rclpy
from rclpy.qos import QoSProfile
from sensor_msgs.msg import JointState

JOINTS = 7
PATIENCE_SECONDS = 2


def echo(node):
    pong = node.create_publisher(JointState, "pong", QoSProfile(depth=10))
    node.create_subscription(JointState, "ping", pong.publish, QoSProfile(depth=10))
    spin(node)
    for _ in sys.stdin:
        pass


def ping(node):
    nanos = []

    def answered(message):
        sent = message.header.stamp.sec * 1_000_000_000 + message.header.stamp.nanosec
        nanos.append(time.monotonic_ns() - sent)

    pings = node.create_publisher(JointState, "ping", QoSProfile(depth=10))
    node.create_subscription(JointState, "pong", answered, QoSProfile(depth=10))
    spin(node)
    message = JointState()
    message.header.frame_id = "panda_link0"
    message.name = [f"panda_joint{joint}" for joint in range(1, JOINTS + 1)]
    message.position = message.velocity = message.effort = [0.1 * joint for joint in range(JOINTS)]
    for order in sys.stdin:
        count, period = (int(word) for word in order.split()[1:])
        while not (pings.get_subscription_count() and node.count_publishers("pong")):
            time.sleep(0.001)
        nanos.clear()
        due = time.monotonic_ns()
        for _ in range(count):
            time.sleep(max(0, due - time.monotonic_ns()) / 1e9)
            sent = time.monotonic_ns()
            due += ((sent - due) // period + 1) * period  # what was slept through is skipped
            message.header.stamp.sec, message.header.stamp.nanosec = divmod(sent, 1_000_000_000)
            pings.publish(message)
        end = time.monotonic() + PATIENCE_SECONDS
        while len(nanos) < count and time.monotonic() < end:
            time.sleep(0.001)
        print("".join(f"rtt {each}\n" for each in nanos), end="")
        print("end", flush=True)


def spin(node):
    threading.Thread(target=rclpy.spin, args=(node,), daemon=True).start()


rclpy.init()
made = rclpy.create_node(sys.argv[1], namespace="/" + sys.argv[2])
(echo if sys.argv[1] == "echo" else ping)(made)
