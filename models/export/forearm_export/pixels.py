"""Demonstrations with pictures: what the expert saw of the objects, and what the cameras saw of them meanwhile."""

from __future__ import annotations

import pathlib
import struct

import numpy as np
from mcap.reader import make_reader

from . import episodes
from .spec import Spec
from .train import Data


# By encoding: type and values of a pixel.
PIXELS = {"rgb8": ("u1", (3,)), "16UC1": ("<u2", ()), "32FC1": ("<f4", ())}


def picture(cdr: bytes) -> np.ndarray:
    """The pixels of a sensor_msgs Image, XCDR1: [row, column, rgb], or of depth [row, column]."""
    order = "<" if cdr[1] & 1 else ">"
    at = 4 + 8  # encapsulation, stamp

    def u32() -> int:
        nonlocal at
        at += -(at - 4) % 4
        (value,) = struct.unpack_from(order + "I", cdr, at)
        at += 4
        return value

    length = u32()
    at += length  # frame_id
    height, width = u32(), u32()
    length = u32()
    encoding = cdr[at : at + length - 1].decode()
    at += length + 1  # and is_bigendian
    step, size = u32(), u32()
    if encoding not in PIXELS or size != step * height:
        raise SystemExit(f"image of {size} bytes in {encoding}, wanted {step * height} in one of {[*PIXELS]}")
    kind, values = PIXELS[encoding]
    row = width * int(np.prod(values, dtype=int)) * np.dtype(kind).itemsize
    rows = np.frombuffer(cdr, np.uint8, size, at).reshape(height, step)[:, :row]
    return np.ascontiguousarray(rows).view(kind).reshape(height, width, *values)


def load(shown: Spec, spec: Spec, folders: list[pathlib.Path], limit: int | None, log=print) -> Data:
    """Demonstrations of `shown`, as a policy of `spec` sees them: with the newest picture of each camera."""
    kept = shown.places([f.name for f in spec.observation])
    hinted = [i for i in range(shown.width) if i not in kept]
    frame = [shown.places(shown.imagined).index(i) for i in shown.places(spec.imagined)]
    parts: tuple[list, list, list] = ([], [], [])
    pool: list[list[np.ndarray]] = []
    odd: list[str] = []
    used = 0

    def demonstrated(file: pathlib.Path) -> list | None:
        _, outcome, messages = episodes.read(file)
        if outcome.get("result") != "success":
            return None
        stamp_of = {id(v): stamp for stamp, v in messages[episodes.OBSERVATION].items()}
        cameras = _pictures(file, [image.topic for image in spec.images])
        found = []
        for sample in zip(*episodes.samples(shown, messages)):
            stamp = stamp_of[id(sample[0])]
            newest = [max((s for s in seen if s <= stamp), default=None) for seen in cameras]
            if None not in newest:
                found.append(([seen[s] for seen, s in zip(cameras, newest)], *sample))
        return found

    for found in episodes.each(folders, demonstrated, odd):
        if found is None:
            continue
        used += 1
        for pictures, *sample in found:
            pool.append(pictures)
            for part, values in zip(parts, sample):
                part.append(values)
        if used == limit:
            break
    for line in odd:
        log(line)
    if not pool:
        raise SystemExit("found no successful episode with pictures; record with --cameras")
    observation, frames, chunk = (np.stack(p).astype(np.float32) for p in parts)
    log(f"{used} episodes, {len(observation)} samples, {len(odd)} skipped")
    return Data(
        observation[:, kept],
        frames[:, :, frame],
        chunk,
        pictures=[np.stack(camera) for camera in zip(*pool)],
        hints=observation[:, hinted],
    )


def _pictures(file: pathlib.Path, topics: list[str]) -> list[dict[int, np.ndarray]]:
    seen: dict[str, dict[int, np.ndarray]] = {topic: {} for topic in topics}
    with open(file, "rb") as f:
        for _, channel, message in make_reader(f).iter_messages(topics=topics):
            seen[channel.topic][message.log_time] = picture(message.data)
    return [seen[topic] for topic in topics]
