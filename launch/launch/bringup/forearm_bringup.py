"""What the bring-up files have in common: other launch files, and Forearm itself after a driver."""

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


def forearm_arguments():
    """What a bring-up is asked of Forearm."""
    return [
        DeclareLaunchArgument(
            "bundle", default_value="sway", description="Policy bundle, or sway to try the arm."
        ),
        DeclareLaunchArgument(
            "dry_run", default_value="false", description="Do everything but send commands."
        ),
    ]


def forearm(robot):
    """Forearm on that robot, as the arguments say."""
    return included(
        "forearm",
        "launch",
        "forearm.launch.py",
        robot=robot,
        bundle=LaunchConfiguration("bundle"),
        dry_run=LaunchConfiguration("dry_run"),
        check_seconds="20",  # the driver starts meanwhile
    )
