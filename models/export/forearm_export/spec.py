"""What a policy reads and writes; the Python side of dev.forearm.runtime.policy.PolicySpec."""

from __future__ import annotations

import dataclasses

import yaml


@dataclasses.dataclass(frozen=True)
class Feature:
    name: str
    source: str
    size: int
    unit: str


@dataclasses.dataclass(frozen=True)
class ImageSource:
    """An image feature of a manifest: tensor [1, channel, height, width], float32."""

    name: str
    topic: str
    channels: str = "rgb"  # or bgr, grey
    width: int = 96
    height: int = 96
    fit: str = "crop"  # or stretch, pad
    least: float = 0.0
    greatest: float = 1.0

    @staticmethod
    def of(feature: dict) -> "ImageSource":
        """An image feature as `manifest` gives it."""
        source = feature["source"]
        return ImageSource(
            feature["name"], source["image"], source["channels"], *source["size"], source["fit"], *source["range"]
        )

    @property
    def shape(self) -> list[int]:
        return [1 if self.channels == "grey" else 3, self.height, self.width]

    @property
    def span(self) -> float:
        return self.greatest - self.least

    def manifest(self) -> dict:
        source = {
            "image": self.topic,
            "channels": self.channels,
            "size": [self.width, self.height],
            "fit": self.fit,
            "range": [self.least, self.greatest],
        }
        return {"name": self.name, "source": source, "shape": self.shape, "dtype": "float32", "unit": "1"}


@dataclasses.dataclass(frozen=True)
class DepthSource:
    """A depth feature of a manifest: tensor [1, 1, height, width], float32, metres."""

    name: str
    topic: str
    width: int = 96
    height: int = 96
    fit: str = "crop"  # or stretch, pad
    near: float = 0.1  # m; what is nearer is this
    far: float = 2.0  # m; what is farther is this
    invalid: float = 0.0  # where the camera measured nothing

    @staticmethod
    def of(feature: dict) -> "DepthSource":
        """A depth feature as `manifest` gives it."""
        source = feature["source"]
        return DepthSource(
            feature["name"],
            source["depth"],
            *source["size"],
            source["fit"],
            source["near"],
            source["far"],
            source["invalid"],
        )

    @property
    def shape(self) -> list[int]:
        return [1, self.height, self.width]

    @property
    def span(self) -> float:
        return self.far - self.near

    def manifest(self) -> dict:
        source = {
            "depth": self.topic,
            "size": [self.width, self.height],
            "fit": self.fit,
            "near": self.near,
            "far": self.far,
            "invalid": self.invalid,
        }
        return {"name": self.name, "source": source, "shape": self.shape, "dtype": "float32", "unit": "m"}


@dataclasses.dataclass(frozen=True)
class Spec:
    observation: tuple[Feature, ...]
    proprioception: tuple[str, ...]
    imagined: tuple[str, ...]
    frame_steps: tuple[int, ...]
    joints: tuple[tuple[str, str], ...]  # name, unit
    chunk_steps: int
    policy_hz: float
    control_hz: float
    images: tuple[ImageSource | DepthSource, ...] = ()
    prefix: int = 0  # committed actions that the actor is told of, at most

    @property
    def width(self) -> int:
        return sum(f.size for f in self.observation)

    @property
    def frame_width(self) -> int:
        return len(self.places(self.imagined))

    def places(self, names) -> list[int]:
        """Where the values of the named features lie in the observation."""
        starts, at = {}, 0
        for f in self.observation:
            starts[f.name] = (at, f.size)
            at += f.size
        return [i for n in names for i in range(starts[n][0], sum(starts[n]))]

    def of_source(self, source: str) -> list[int]:
        return self.places([f.name for f in self.observation if f.source == source])


def of_manifest(manifest: dict) -> Spec:
    """What `bundle.yaml` describes: vectors and images, relative to what is observed."""
    action, imagination = manifest["action"], manifest["imagination"]
    return Spec(
        observation=tuple(
            Feature(f["name"], f["source"], f["shape"][0], f["unit"])
            for f in manifest["observation"]
            if isinstance(f["source"], str)
        ),
        proprioception=tuple(manifest["proprioception"]),
        imagined=tuple(imagination["features"]),
        frame_steps=tuple(imagination["frame_steps"]),
        joints=tuple((j["name"], j["unit"]) for j in action["joints"]),
        chunk_steps=action["chunk_steps"],
        policy_hz=manifest["rates_hz"]["policy"],
        control_hz=manifest["rates_hz"]["control"],
        images=tuple(
            (DepthSource if "depth" in f["source"] else ImageSource).of(f)
            for f in manifest["observation"]
            if not isinstance(f["source"], str)
        ),
        prefix=manifest["graphs"]["actor"].get("prefix", 0),
    )


def robot_joints(robot_file: str) -> tuple[dict, tuple[tuple[str, str], ...]]:
    """The robot file as a dictionary, and its joints with units in command order."""
    with open(robot_file) as f:
        robot = yaml.safe_load(f)
    return robot, tuple((j["name"], j["unit"]) for j in robot["joints"])


def tabletop(task: str, robot_file: str) -> tuple[Spec, dict]:
    """The policy that the demonstrator of `task` plays, on the robot of `robot_file`."""
    robot, joints = robot_joints(robot_file)
    n = len(joints)
    features = [
        Feature("joint_position", "joint_position", n, "mixed"),
        Feature("joint_velocity", "joint_velocity", n, "mixed"),
        Feature("tool_position", "tool_position", 3, "m"),
        Feature("tool_rotation", "tool_rotation", 6, "1"),
    ]
    own = [f.name for f in features]
    imagined = ["joint_position", "tool_position", "tool_rotation"]
    cubes = {"lift": ["red_cube"], "tidy": ["red_cube", "blue_cube"]}[task]
    fixed = {"lift": [], "tidy": ["left_bin", "right_bin", "button"]}[task]
    for name in cubes:
        features.append(Feature(name, f"object_position:{name}", 3, "m"))
        features.append(Feature(f"{name}_rotation", f"object_rotation:{name}", 6, "1"))
        imagined += [name, f"{name}_rotation"]
    for name in fixed:
        features.append(Feature(name, f"object_position:{name}", 3, "m"))
        imagined.append(name)
    spec = Spec(
        observation=tuple(features),
        proprioception=tuple(own),
        imagined=tuple(imagined),
        frame_steps=(4, 8, 12, 16),
        joints=joints,
        chunk_steps=16,
        policy_hz=robot["rates_hz"]["policy"],
        control_hz=robot["rates_hz"]["control"],
    )
    return spec, robot


def through_cameras(spec: Spec, robot: dict, depth: tuple[float, float] | None = None) -> Spec:
    """The same policy, but what it knows of the objects is what the robot's cameras see, those for `depth` from near to far."""
    seen = [f for f in spec.observation if not f.source.startswith("object_")]
    names = [f.name for f in seen]
    return dataclasses.replace(
        spec,
        observation=tuple(seen),
        imagined=tuple(n for n in spec.imagined if n in names),
        images=(
            *(ImageSource(topic.split("/")[1], topic) for topic in robot["topics"]["images"]),
            *(
                DepthSource(topic.split("/")[1] + "_depth", topic, near=depth[0], far=depth[1])
                for topic in (robot["topics"]["depth_images"] if depth else ())
            ),
        ),
    )
