"""Simulates a robot on its driver's topics.

ros2 launch forearm sim.launch.py robot:=ur5e
"""

import os
import sys

from launch import LaunchDescription
from launch.actions import OpaqueFunction

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))

from forearm_command import arguments, node_arguments, node_parameters, run_to_the_end

OPTIONS = {
    "robot": "tabletop, fr3, ur5e, so101 or a robot file.",
    "gap": "How it differs: none, default, or of the table-top arm others and files.",
    "interface": "Network interface for DDS.",
    "seconds": "Stop after this long.",
}


def start(context):
    parameters = node_parameters(context, "use_sim_time")
    return [run_to_the_end(context, "sim", OPTIONS, parameters=parameters)]


def generate_launch_description():
    start_it = OpaqueFunction(function=start)
    return LaunchDescription([*arguments(OPTIONS), *node_arguments(), start_it])
