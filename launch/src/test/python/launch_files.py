"""Runs the launch files with the real 'launch' and 'launch_ros', for LaunchFilesTest.

    python3 launch_files.py FOLDER

The package, and those of the robots' makers, are stand-ins in an ament prefix in FOLDER, whose programs
write down how they were called. Answers with one JSON object: by case, the calls in their order, with
the arguments that were declared. Exit code 77 where launch or launch_ros cannot be imported.
"""

import json
import os
import pathlib
import shutil
import stat
import sys

try:
    import launch_ros.substitutions  # noqa: F401
    from launch import LaunchDescription, LaunchService
    from launch.actions import GroupAction, IncludeLaunchDescription
    from launch.launch_description_sources import PythonLaunchDescriptionSource
    from launch_ros.actions import PushRosNamespace
except ImportError:
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve()
PACKAGE = HERE.parents[3]
PREFIX = pathlib.Path(sys.argv[1]) / "prefix"
CALLS = pathlib.Path(sys.argv[1]) / "calls.jsonl"
VALUES = pathlib.Path(sys.argv[1]) / "values.json"

# What the makers' launch files declare: franka_ros2 v3.4.0, ur_robot_driver 3.8.0 (Jazzy) and 2.14.0
# (Humble, whose name for mocked hardware is the last one), so101-ros-physical-ai 58318c9.
MAKERS = {
    ("franka_bringup", "franka.launch.py"): """robot_type arm_prefix namespace robot_ip load_gripper
        use_fake_hardware fake_sensor_commands joint_state_rate load_franka_robot_state_broadcaster
        controllers_yaml""",
    ("ur_robot_driver", "ur_control.launch.py"): """ur_type robot_ip safety_limits safety_pos_margin
        safety_k_position controllers_file description_launchfile tf_prefix use_mock_hardware
        mock_sensor_commands headless_mode controller_spawner_timeout initial_joint_controller
        activate_joint_controller launch_rviz rviz_config_file launch_dashboard_client
        use_tool_communication tool_parity tool_baud_rate tool_stop_bits tool_rx_idle_chars
        tool_tx_idle_chars tool_device_name tool_tcp_port tool_voltage reverse_ip script_command_port
        reverse_port script_sender_port trajectory_port update_rate_config_file use_fake_hardware""",
    ("so101_bringup", "follower.launch.py"): """namespace hardware_type usb_port frame_prefix
        joint_config_file controller_config_file arm_controller enable_static_cam enable_wrist_cam
        cam_static_xyz cam_static_rpy cam_wrist_xyz cam_wrist_rpy use_rviz rviz_config""",
}

# The files of parameters that launch_ros makes are there for as long as the node is.
STUB = """#!/usr/bin/env python3
import json, os, sys, yaml
with open({calls!r}, "a") as file:
    file.write(json.dumps([os.path.basename(sys.argv[0]), *sys.argv[1:]]) + "\\n")
given = dict()
for option, value in zip(sys.argv, sys.argv[1:]):
    if option == "--params-file":
        for node in yaml.safe_load(open(value)).values():
            given |= node["ros__parameters"]
if given:
    with open({values!r}, "w") as file:
        json.dump(given, file)
sys.exit(int(os.environ.get("FOREARM_STUB_DOCTOR", "0")) if "doctor" in sys.argv else 0)
"""

MAKER = """import json
from launch import LaunchDescription
from launch.actions import OpaqueFunction

def tell(context):
    given = {{key: context.launch_configurations.get(key) for key in {names!r}}}
    with open({calls!r}, "a") as file:
        file.write(json.dumps([{name!r}, given, sorted(set(context.launch_configurations))]) + "\\n")

def generate_launch_description():
    return LaunchDescription([OpaqueFunction(function=tell)])
"""


def program(package, name):
    path = PREFIX / "lib" / package / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(STUB.format(calls=str(CALLS), values=str(VALUES)))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def package(name):
    index = PREFIX / "share" / "ament_index" / "resource_index" / "packages"
    index.mkdir(parents=True, exist_ok=True)
    (index / name).touch()
    share = PREFIX / "share" / name
    (share / "launch").mkdir(parents=True, exist_ok=True)
    return share


def prefix():
    share = package("forearm")
    shutil.copytree(PACKAGE / "launch", share / "launch", dirs_exist_ok=True)
    shutil.copytree(PACKAGE / "config", share / "config", dirs_exist_ok=True)
    program("forearm", "forearm")
    package("controller_manager")
    program("controller_manager", "spawner")
    for (name, file), names in MAKERS.items():
        text = MAKER.format(names=names.split(), calls=str(CALLS), name=file)
        (package(name) / "launch" / file).write_text(text)
    os.environ["AMENT_PREFIX_PATH"] = str(PREFIX)


def run(file, *around, **arguments):
    CALLS.write_text("")
    VALUES.write_text("{}")
    source = PythonLaunchDescriptionSource(str(PREFIX / "share/forearm/launch" / file))
    included = IncludeLaunchDescription(source, launch_arguments=arguments.items())
    service = LaunchService(noninteractive=True)
    service.include_launch_description(LaunchDescription([GroupAction([*around, included])]))
    status = service.run()
    declared = {
        each.name: each.description
        for each in source.get_launch_description(service.context).get_launch_arguments()
    }
    calls = [json.loads(line) for line in CALLS.read_text().splitlines()]
    values = json.loads(VALUES.read_text())
    return {"status": status, "calls": calls, "declared": declared, "values": values}


def main():
    prefix()
    parameters = pathlib.Path(sys.argv[1]) / "arm.yaml"
    parameters.write_text("/**:\n  ros__parameters:\n    robot_speed: 0.5\n")
    answer = {
        "run": run("forearm.launch.py", robot="ur5e", bundle="b.zip", dry_run="true"),
        "defaults": run("forearm.launch.py", check="false"),
        "shelf": run("forearm.launch.py", policies="/s", check="false", options="--keep-seconds 30"),
        "parameters": run(
            "forearm.launch.py",
            PushRosNamespace("left"),
            check="false",
            autostart="false",
            use_sim_time="true",
            params_file=str(parameters),
        ),
        "sim": run("sim.launch.py", robot="so101", gap="default"),
        "record": run("record.launch.py", task="tidy", episodes="3"),
        "learn": run("learn.launch.py", follow="/data", work="/w"),
        "fr3": run("bringup/fr3.launch.py", robot_ip="10.0.0.2"),
        "ur5e": run("bringup/ur5e.launch.py", robot_ip="10.0.0.3", use_mock_hardware="true"),
        "so101": run("bringup/so101.launch.py", hardware_type="mock"),
    }
    os.environ["FOREARM_STUB_DOCTOR"] = "1"
    answer["ill"] = run("forearm.launch.py", robot="fr3")
    print(json.dumps(answer))


main()
