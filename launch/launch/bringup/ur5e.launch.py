"""A UR5e with ur_robot_driver and Forearm.

Without headless_mode press play on the pendant while the doctor looks. Other arguments of the driver are
passed on, kinematics_params_file:=FILE for one.

ros2 launch forearm ur5e.launch.py robot_ip:=192.168.56.101 bundle:=/path/to/bundle
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
            DeclareLaunchArgument("robot_ip", description="Address of the arm."),
            DeclareLaunchArgument(
                "use_mock_hardware", default_value="false", description="Without an arm."
            ),
            DeclareLaunchArgument(
                "headless_mode", default_value="false", description="Without a program on the pendant."
            ),
            *forearm_arguments("ur5e"),
            included(
                "ur_robot_driver",
                "launch",
                "ur_control.launch.py",
                ur_type="ur5e",
                robot_ip=LaunchConfiguration("robot_ip"),
                use_mock_hardware=LaunchConfiguration("use_mock_hardware"),
                use_fake_hardware=LaunchConfiguration("use_mock_hardware"),  # Humble's name
                headless_mode=LaunchConfiguration("headless_mode"),
                initial_joint_controller="scaled_joint_trajectory_controller",
                launch_rviz="false",
            ),
            forearm(),
        ]
    )
