"""Records demonstrations of the scripted expert in simulation.

ros2 launch forearm record.launch.py task:=tidy episodes:=50 out:=/data/tidy
"""

import os
import sys

from launch import LaunchDescription
from launch.actions import OpaqueFunction

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from forearm_command import arguments, run_to_the_end

OPTIONS = {
    "task": "lift or tidy.",
    "episodes": "How many.",
    "seed": "Start states derive from it.",
    "gap": "How the simulated robot differs.",
    "out": "Folder for the episodes.",
}


def generate_launch_description():
    start = OpaqueFunction(function=lambda context: [run_to_the_end(context, "record", OPTIONS)])
    return LaunchDescription([*arguments(OPTIONS), start])
