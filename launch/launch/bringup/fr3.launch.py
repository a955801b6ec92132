"""A Franka FR3 with franka_ros2, its arm controller on effort, and Forearm.

ros2 launch forearm fr3.launch.py robot_ip:=172.16.0.3 bundle:=/path/to/bundle
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, GroupAction, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare


def included(package, *path, **arguments):
    """With these arguments, which are no others' even where the names are."""
    source = PathJoinSubstitution([FindPackageShare(package), *path])
    return GroupAction(
        [
            IncludeLaunchDescription(
                PythonLaunchDescriptionSource(source), launch_arguments=arguments.items()
            )
        ]
    )


def generate_launch_description():
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                "robot_ip", default_value="172.16.0.3", description="Address of the arm."
            ),
            DeclareLaunchArgument(
                "use_fake_hardware", default_value="false", description="Without an arm."
            ),
            DeclareLaunchArgument(
                "load_gripper", default_value="true", description="With the Franka hand."
            ),
            DeclareLaunchArgument(
                "bundle", default_value="sway", description="Policy bundle, or sway to try the arm."
            ),
            DeclareLaunchArgument(
                "dry_run", default_value="false", description="Do everything but send commands."
            ),
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
            included(
                "forearm",
                "launch",
                "forearm.launch.py",
                robot="fr3",
                bundle=LaunchConfiguration("bundle"),
                dry_run=LaunchConfiguration("dry_run"),
                check_seconds="20",  # the driver starts meanwhile
            ),
        ]
    )
