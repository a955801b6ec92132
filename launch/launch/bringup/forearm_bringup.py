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


def forearm_arguments(robot):
    """What a bring-up is asked of Forearm."""
    return [
        DeclareLaunchArgument(
            "robot", default_value=robot, description="Robot file, of this arm as it is."
        ),
        DeclareLaunchArgument(
            "bundle", default_value="sway", description="Policy bundle, or sway to try the arm."
        ),
        DeclareLaunchArgument(
            "dry_run", default_value="false", description="Do everything but send commands."
        ),
        DeclareLaunchArgument(
            "check_seconds",
            default_value="20",
            description="How long the doctor looks, while the driver starts.",
        ),
    ]


def forearm():
    """Forearm, as the arguments say."""
    return included(
        "forearm",
        "launch",
        "forearm.launch.py",
        **{
            name: LaunchConfiguration(name)
            for name in ("robot", "bundle", "dry_run", "check_seconds")
        },
    )
