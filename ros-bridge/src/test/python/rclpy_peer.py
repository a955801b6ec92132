"""A node of a real ROS 2, for Ros2Test: serves ChangeState on /served, and says so.

    source .../setup.bash; python3 rclpy_peer.py
"""

import rclpy
from lifecycle_msgs.srv import ChangeState
from rclpy.node import Node


def answer(request, response):
    response.success = request.transition.label == "activate" and request.transition.id == 3
    return response


rclpy.init()
node = Node("rclpy_peer", namespace="/rival")
node.create_service(ChangeState, "/served", answer)
print("ready", flush=True)
rclpy.spin(node)
