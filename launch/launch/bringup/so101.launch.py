"""An SO-101 follower with so101-ros-physical-ai and Forearm.

ros2 launch forearm so101.launch.py usb_port:=/dev/so101_follower bundle:=/path/to/bundle
"""

import os
import sys

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.substitutions import LaunchConfiguration

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from forearm_bringup import forearm, forearm_arguments, included


def generate_launch_description():
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "usb_port", default_value="/dev/so101_follower", description="Where the servos are connected."
            ),
            DeclareLaunchArgument(
                "hardware_type", default_value="real", description="real, or mock without an arm."
            ),
            *forearm_arguments("so101"),
            included(
                "so101_bringup",
                "launch",
                "follower.launch.py",
                namespace="follower",
                usb_port=LaunchConfiguration("usb_port"),
                hardware_type=LaunchConfiguration("hardware_type"),
                arm_controller="forward_controller",
                use_rviz="false",
            ),
            forearm(),
        ]
    )
