"""What the launch files have in common: a command of the program, its options as arguments."""

import shlex

import yaml
from launch.actions import DeclareLaunchArgument, EmitEvent, ExecuteProcess
from launch.events import Shutdown
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackagePrefix, FindPackageShare

NODES = ["run", "doctor", "sim"]  # take what ROS 2 says to a node; the others are none


def node_arguments():
    """Declares what is said to a node as ROS 2 does it."""
    return [
        DeclareLaunchArgument(
            "params_file", default_value="", description="ROS parameters of the node, in YAML."
        ),
        DeclareLaunchArgument(
            "use_sim_time",
            default_value="",
            choices=["", "true", "false"],
            description="Stamp messages with the time of /clock.",
        ),
    ]


def node_parameters(context, *names):
    """The parameters among these arguments that were given, for a launch_ros Node."""
    given = {name: LaunchConfiguration(name).perform(context) for name in names}
    file = LaunchConfiguration("params_file").perform(context)
    chosen_here = {name: value == "true" for name, value in given.items() if value}
    return [*([file] if file else []), *([chosen_here] if chosen_here else [])]


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
    arguments_given = [
        command,
        *(f"--{key}={value}" for key, value in options.items()),
        *flags,
    ]
    more |= {"output": "screen", "sigterm_timeout": "15"}  # in which an arm comes to rest
    if command in NODES:
        return Node(package="forearm", executable="forearm", arguments=arguments_given, **more)
    program = PathJoinSubstitution([FindPackagePrefix("forearm"), "lib", "forearm", "forearm"])
    return ExecuteProcess(cmd=[program, *arguments_given], name=f"forearm_{command}", **more)


def run_to_the_end(context, command, options, **more):
    """The command with all that was asked for; the launch ends with it."""
    further = shlex.split(LaunchConfiguration("options").perform(context))
    return process(
        context,
        command,
        chosen(context, command, options),
        *further,
        on_exit=[EmitEvent(event=Shutdown(reason=f"forearm {command} ended"))],
        **more,
    )
