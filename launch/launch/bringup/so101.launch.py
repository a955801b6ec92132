"""An SO-101 follower with so101-ros-physical-ai and Forearm.

ros2 launch forearm so101.launch.py usb_port:=/dev/so101_follower bundle:=/path/to/bundle
"""

from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, GroupAction, IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
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
                "usb_port", default_value="/dev/so101_follower", description="Where the servos are connected."
            ),
            DeclareLaunchArgument(
                "hardware_type", default_value="real", description="real, or mock without an arm."
            ),
            DeclareLaunchArgument(
                "bundle", default_value="sway", description="Policy bundle, or sway to try the arm."
            ),
            DeclareLaunchArgument(
                "dry_run", default_value="false", description="Do everything but send commands."
            ),
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
            included(
                "forearm",
                "launch",
                "forearm.launch.py",
                robot="so101",
                bundle=LaunchConfiguration("bundle"),
                dry_run=LaunchConfiguration("dry_run"),
                check_seconds="20",  # the driver starts meanwhile
            ),
        ]
    )
