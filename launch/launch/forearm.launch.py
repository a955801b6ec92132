"""Runs a policy on a robot whose driver runs, after a look at that robot.

ros2 launch forearm forearm.launch.py robot:=ur5e bundle:=/path/to/bundle
"""

import os
import shlex
import sys

from launch import LaunchDescription
from launch.actions import (
    DeclareLaunchArgument,
    EmitEvent,
    LogInfo,
    OpaqueFunction,
    RegisterEventHandler,
)
from launch.event_handlers import OnProcessExit
from launch.events import Shutdown
from launch.substitutions import LaunchConfiguration

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from forearm_command import arguments, chosen, node_arguments, node_parameters, process

OPTIONS = {
    "robot": "Robot file, or the name of one that comes with Forearm (tabletop, fr3, ur5e, so101).",
    "bundle": "Policy bundle, or sway: a slow motion of every joint.",
    "policies": "Shelf of policies, in a bundle's place.",
    "namespace": "Where the robot file's relative topic names live.",
    "interface": "Network interface for DDS.",
    "calibration": "This robot's calibration, for bundles that were made for one.",
    "out": "Folder for the recording.",
    "seconds": "Stop after this long.",
}
YES_OR_NO = ["true", "false"]


def start(context):
    def argument(name):
        return LaunchConfiguration(name).perform(context)

    options = chosen(context, "run", OPTIONS)
    if "policies" in options:
        options.pop("bundle", None)
    flags = ["--dry-run"] if argument("dry_run") == "true" else []
    flags += shlex.split(argument("options"))
    ended = [EmitEvent(event=Shutdown(reason="forearm run ended"))]
    parameters = node_parameters(context, "autostart", "use_sim_time")
    run = process(context, "run", options, *flags, parameters=parameters, on_exit=ended)
    if argument("check") == "false":
        return [run]
    seen = {key: options[key] for key in ("robot", "namespace", "interface") if key in options}
    doctor = process(context, "doctor", {**seen, "seconds": argument("check_seconds")})

    def decide(event, _):
        if event.returncode == 0:
            return [run]
        return [
            LogInfo(msg="forearm: this robot should not run yet, see above; or check:=false"),
            EmitEvent(event=Shutdown(reason="the doctor found something missing")),
        ]

    return [doctor, RegisterEventHandler(OnProcessExit(target_action=doctor, on_exit=decide))]


def generate_launch_description():
    return LaunchDescription(
        [
            *arguments(OPTIONS),
            *node_arguments(),
            DeclareLaunchArgument(
                "autostart",
                default_value="",
                choices=["", *YES_OR_NO],
                description="Become active at once, or wait for 'ros2 lifecycle'.",
            ),
            DeclareLaunchArgument(
                "dry_run",
                default_value="false",
                choices=YES_OR_NO,
                description="Do everything but send commands.",
            ),
            DeclareLaunchArgument(
                "check",
                default_value="true",
                choices=YES_OR_NO,
                description="Have 'forearm doctor' look first, and start only a robot that may run.",
            ),
            DeclareLaunchArgument(
                "check_seconds", default_value="5", description="How long the doctor listens."
            ),
            OpaqueFunction(function=start),
        ]
    )
