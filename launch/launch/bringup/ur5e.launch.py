"""A UR5e with ur_robot_driver and Forearm.

ros2 launch forearm ur5e.launch.py robot_ip:=192.168.56.101 bundle:=/path/to/bundle
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
            DeclareLaunchArgument("robot_ip", description="Address of the arm."),
            DeclareLaunchArgument(
                "use_mock_hardware", default_value="false", description="Without an arm."
            ),
            DeclareLaunchArgument(
                "headless_mode", default_value="false", description="Without a program on the pendant."
            ),
            DeclareLaunchArgument(
                "bundle", default_value="sway", description="Policy bundle, or sway to try the arm."
            ),
            DeclareLaunchArgument(
                "dry_run", default_value="false", description="Do everything but send commands."
            ),
            included(
                "ur_robot_driver",
                "launch",
                "ur_control.launch.py",
                ur_type="ur5e",
                robot_ip=LaunchConfiguration("robot_ip"),
                use_mock_hardware=LaunchConfiguration("use_mock_hardware"),
                headless_mode=LaunchConfiguration("headless_mode"),
                initial_joint_controller="scaled_joint_trajectory_controller",
                launch_rviz="false",
            ),
            included(
                "forearm",
                "launch",
                "forearm.launch.py",
                robot="ur5e",
                bundle=LaunchConfiguration("bundle"),
                dry_run=LaunchConfiguration("dry_run"),
                check_seconds="20",  # the driver starts meanwhile
            ),
        ]
    )
