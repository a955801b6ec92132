"""What the launch files have in common: a command of the program, its options as arguments."""

import shlex

import yaml
from launch.actions import DeclareLaunchArgument, EmitEvent, ExecuteProcess
from launch.events import Shutdown
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackagePrefix, FindPackageShare


def arguments(options):
    """Declares options that are empty if they are not given, and where the others are written."""
    config = PathJoinSubstitution([FindPackageShare("forearm"), "config", "forearm.yaml"])
    return [
        *(
            DeclareLaunchArgument(key, default_value="", description=text)
            for key, text in options.items()
        ),
        DeclareLaunchArgument(
            "options", default_value="", description="More options, as on the command line."
        ),
        DeclareLaunchArgument(
            "config", default_value=config, description="Options by command, in YAML."
        ),
    ]


def chosen(context, command, options):
    """The options that were given, and of the rest those that are written in the file."""
    with open(LaunchConfiguration("config").perform(context), encoding="utf-8") as file:
        written = yaml.safe_load(file).get(command) or {}
    given = {key: LaunchConfiguration(key).perform(context) for key in options}
    return written | {key: value for key, value in given.items() if value}


def process(context, command, options, *flags, **more):
    """The command, whose end is the launch's unless more says otherwise."""
    program = PathJoinSubstitution([FindPackagePrefix("forearm"), "lib", "forearm", "forearm"])
    return ExecuteProcess(
        cmd=[
            program.perform(context),
            command,
            *(f"--{key}={value}" for key, value in options.items()),
            *flags,
        ],
        name=f"forearm_{command}",
        output="screen",
        sigterm_timeout="15",  # within which an arm comes to rest and is let go
        **more,
    )


def run_to_the_end(context, command, options):
    """The command with all that was asked for; the launch ends with it."""
    further = shlex.split(LaunchConfiguration("options").perform(context))
    return process(
        context,
        command,
        chosen(context, command, options),
        *further,
        on_exit=[EmitEvent(event=Shutdown(reason=f"forearm {command} ended"))],
    )
