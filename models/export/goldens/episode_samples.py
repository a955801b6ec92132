"""Makes small episodes and what the exporter reads from them, for EpisodeSamplesTest in launch.

    PYTHONPATH=models/export python3 models/export/goldens/episode_samples.py

Three demonstrations of `lift` with what a recorder can run into: a student's turns, a refused chunk, a missing and a
late observation, an episode that ends early; one that failed; and files that both readers skip: of another task, cut
off, still open, merged, with nothing to learn, no episode at all. `samples.npz` holds what `episodes.load` makes of
the folder and the same rows normalised as `train.fit` does.
"""

from __future__ import annotations

import json
import pathlib
import struct

import numpy as np
from mcap.writer import Writer

from forearm_export import episodes
from forearm_export.scaling import scalings
from forearm_export.spec import tabletop

ROOT = pathlib.Path(__file__).parents[3]
OUT = ROOT / "launch/src/test/resources/dev/forearm/launch/train/episodes"
BUNDLE = ROOT / "models/bundles/lift-sft"
SPEC, _ = tabletop("lift", str(ROOT / "launch/src/main/resources/robots/tabletop.yaml"))
PERIOD = round(1e9 / SPEC.policy_hz)
START = 5_000_000_123


def cdr(values: np.ndarray, kind: str) -> bytes:
    """A MultiArray with one dimension called `v`, XCDR1 little-endian."""
    body = struct.pack("<II2s2xIIII", 1, 2, b"v\0", len(values), len(values), 0, len(values))
    size = struct.calcsize(kind)
    body += b"\0" * (-len(body) % size if len(values) else 0)
    return b"\0\1\0\0" + body + np.asarray(values, f"<f{size}").tobytes()


def write(
    name: str, seed: int, steps: int, result: str, *,
    task="lift", student=(), refused=(), missing=(), late=(), merged=False,
):
    random = np.random.default_rng(seed)
    with open(OUT / f"{name}.mcap", "wb") as file:
        writer = Writer(file)
        writer.start("ros2", "forearm goldens")
        for _ in range(1 + merged):
            writer.add_metadata("forearm.episode", {"name": name, "task": task, "seed": str(seed)})
        channels = {}
        for topic, kind in ((episodes.OBSERVATION, 32), (episodes.CHUNK, 64), (episodes.IMAGINATION, 32)):
            schema = writer.register_schema(f"std_msgs/msg/Float{kind}MultiArray", "ros2msg", b"")
            channels[topic] = writer.register_channel(topic, "cdr", schema)

        def message(topic, stamp, values, kind):
            writer.add_message(channels[topic], stamp, cdr(values, kind), stamp)

        position = np.zeros(SPEC.width)
        for step in range(steps):
            position += np.round(random.normal(size=SPEC.width), 1) / 64
            if step in missing:
                continue
            stamp = START + step * PERIOD + (PERIOD * 2 // 3 if step in late else random.integers(-200_000, 200_000))
            message(episodes.OBSERVATION, stamp, position, "f")
            if step in student:
                frame = np.zeros(len(SPEC.frame_steps) * SPEC.frame_width)
                message(episodes.IMAGINATION, stamp, frame, "f")
            size = 0 if step in refused else SPEC.chunk_steps * len(SPEC.joints)
            chunk = np.resize(position[: len(SPEC.joints)], size) + np.repeat(np.arange(SPEC.chunk_steps), len(SPEC.joints))[:size] / 128
            message(episodes.CHUNK, stamp, chunk, "d")
        writer.add_metadata("forearm.outcome", {"result": result, "detail": ""})
        writer.finish()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    write("1-whole", 1, 30, "success", refused=[4])
    write("2-coached", 2, 40, "success", student=[20, 21, 22])
    write("3-gaps", 3, 46, "success", missing=[20], late=[41])
    write("4-failed", 4, 20, "failure")
    write("5-other", 5, 20, "success", task="tidy")
    write("6-refused", 6, 20, "success", refused=range(20))
    write("7-merged", 7, 20, "success", merged=True)
    whole = (OUT / "1-whole.mcap").read_bytes()
    (OUT / "8-cut.mcap").write_bytes(whole[: len(whole) // 2])
    (OUT / "9-open.mcap.open").write_bytes(whole)
    (OUT / "0-stub.mcap").write_bytes(bytes([0, 5, 22, 7]))
    said: list[str] = []
    data = episodes.load(SPEC, "lift", [OUT], None, said.append)
    stats = json.loads((BUNDLE / "stats.json").read_text())
    scale = scalings(SPEC, {k: (v["mean"], v["std"]) for k, v in stats.items()})
    own = SPEC.places(SPEC.proprioception)
    seen = data.observation
    x = scale["observation"].normalise(seen, seen)
    future = scale["imagined"].normalise(seen, data.frames)
    action = scale["action"].normalise(seen, data.chunk)
    np.savez_compressed(
        OUT / "samples.npz",
        observation=seen,
        frames=data.frames,
        chunk=data.chunk,
        skipped=sum(line.startswith("skipped: ") for line in said),
        **{
            "world_model.observation": x,
            "world_model.target": future,
            "actor.proprioception": x[:, own],
            "actor.imagined": future,
            "actor.target": action,
        },
    )


if __name__ == "__main__":
    main()
