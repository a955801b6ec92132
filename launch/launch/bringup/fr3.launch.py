"""A Franka FR3 with franka_ros2, its arm controller on effort, and Forearm.

ros2 launch forearm fr3.launch.py robot_ip:=172.16.0.3 bundle:=/path/to/bundle
"""

import os
import sys

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from forearm_bringup import forearm, forearm_arguments, included


def generate_launch_description():
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "robot_ip", default_value="172.16.0.3", description="Address of the arm."
            ),
            DeclareLaunchArgument(
                "use_fake_hardware", default_value="false", description="Without an arm, which efforts then do not move: with dry_run."
            ),
            DeclareLaunchArgument(
                "load_gripper", default_value="true", description="With the Franka hand."
            ),
            *forearm_arguments("fr3"),
            included(
                "franka_bringup",
                "launch",
                "franka.launch.py",
                robot_type="fr3",
                robot_ip=LaunchConfiguration("robot_ip"),
                use_fake_hardware=LaunchConfiguration("use_fake_hardware"),
                load_gripper=LaunchConfiguration("load_gripper"),
                controllers_yaml=PathJoinSubstitution(
                    [FindPackageShare("forearm"), "config", "fr3_controllers.yaml"]
                ),
            ),
            Node(
                package="controller_manager",
                executable="spawner",
                arguments=["fr3_arm_controller"],
                output="screen",
            ),
            forearm(),
        ]
    )
