"""A node of a real ROS 2, for Ros2Test: serves ChangeState on /served and the action /gripper.

    source .../setup.bash; python3 rclpy_node.py

A goal of /gripper is printed and gets two messages of feedback. One for a negative position is
refused, one beyond 1 m goes on until it is cancelled, which is printed too.
"""

import time

import rclpy
from control_msgs.action import GripperCommand
from lifecycle_msgs.srv import ChangeState
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.executors import MultiThreadedExecutor
from rclpy.node import Node


def answer(request, response):
    response.success = request.transition.label == "activate" and request.transition.id == 3
    return response


def accept(goal):
    return GoalResponse.REJECT if goal.command.position < 0 else GoalResponse.ACCEPT


def execute(handle):
    wanted = handle.request.command.position
    print("goal", wanted, flush=True)
    for part in (0.5, 1.0):
        handle.publish_feedback(GripperCommand.Feedback(position=part * wanted))
    result = GripperCommand.Result(position=wanted, reached_goal=wanted <= 1)
    if wanted <= 1:
        handle.succeed()
        return result
    while not handle.is_cancel_requested:
        time.sleep(0.01)
    handle.canceled()
    print("cancelled", flush=True)
    return result


rclpy.init()
node = Node("rclpy_node", namespace="/rival")
node.create_service(ChangeState, "/served", answer)
server = ActionServer(
    node,
    GripperCommand,
    "/gripper",
    execute,
    goal_callback=accept,
    cancel_callback=lambda goal: CancelResponse.ACCEPT,
    callback_group=ReentrantCallbackGroup(),
)
executor = MultiThreadedExecutor()
executor.add_node(node)
print("ready", flush=True)
executor.spin()
