"""Reads recorded episodes (MCAP) as training data.

Of each episode: `/forearm/observation` (Float32MultiArray), `/forearm/chunk` (Float64MultiArray, [step][joint]),
`/forearm/exploration` (Float64MultiArray, [joint], taken off the chunk again), `/forearm/imagination`,
`/forearm/driver` (String: who made the chunk) and the metadata records `forearm.episode` and `forearm.outcome`. A
policy's chunk is no demonstration: it is no label, and frames that reach into a policy's turn are none either. Where
an older episode names no driver, a chunk that came with an imagination is a policy's.
"""

from __future__ import annotations

import pathlib
import struct

import numpy as np
from mcap.reader import make_reader

from .spec import Spec
from .train import Data

OBSERVATION, CHUNK, IMAGINATION = "/forearm/observation", "/forearm/chunk", "/forearm/imagination"
DRIVER, EXPLORATION = "/forearm/driver", "/forearm/exploration"


def multi_array(cdr: bytes, kind: str) -> np.ndarray:
    """The data of a std_msgs Float32MultiArray ('f') or Float64MultiArray ('d'), XCDR1."""
    order = "<" if cdr[1] & 1 else ">"
    body, at = cdr[4:], 0  # alignment counts from behind the encapsulation header

    def u32() -> int:
        nonlocal at
        at += -at % 4
        (value,) = struct.unpack_from(order + "I", body, at)
        at += 4
        return value

    for _ in range(u32()):  # layout.dim: label, size, stride
        length = u32()
        at += length
        u32()
        u32()
    u32()  # layout.data_offset
    count = u32()
    size = struct.calcsize(kind)
    if count:
        at += -at % size
    return np.frombuffer(body, dtype=f"{order}f{size}", count=count, offset=at)


def text(cdr: bytes) -> str:
    """The data of a std_msgs String, XCDR1."""
    (length,) = struct.unpack_from("<I" if cdr[1] & 1 else ">I", cdr, 4)
    return cdr[8 : 8 + length - 1].decode()


def read(file: pathlib.Path) -> tuple[dict, dict, dict[str, dict]]:
    """Metadata of the episode, its outcome, and messages by topic and log time.

    Whatever the file's reader throws if it is damaged; ValueError if it is no episode, or more than one.
    """
    if file.suffix == ".open":
        raise ValueError("it is being recorded, or its recorder died")
    info, outcome = {}, {}
    last: dict[str, int] = {}
    messages: dict[str, dict] = {OBSERVATION: {}, CHUNK: {}, IMAGINATION: {}, DRIVER: {}, EXPLORATION: {}}
    with open(file, "rb") as f:
        reader = make_reader(f)
        for record in reader.iter_metadata():
            if record.name == "forearm.episode":
                if info:
                    raise ValueError("it holds more than one episode")
                info = record.metadata
            elif record.name == "forearm.outcome":
                outcome = record.metadata
        for _, channel, message in reader.iter_messages(topics=list(messages), log_time_order=False):
            before = last.get(channel.topic, 0)
            if message.log_time in messages[channel.topic] or 0 < message.sequence <= before:
                raise ValueError(f"a message on {channel.topic} does not follow the one before, as if two were merged")
            last[channel.topic] = message.sequence
            messages[channel.topic][message.log_time] = (
                text(message.data)
                if channel.topic == DRIVER
                else multi_array(message.data, "d" if channel.topic in (CHUNK, EXPLORATION) else "f")
            )
    if not messages[OBSERVATION]:
        raise ValueError(f"it has no message on {OBSERVATION}")
    for stamp, added in messages.pop(EXPLORATION).items():
        chunk = messages[CHUNK].get(stamp)
        if chunk is not None and chunk.size:
            messages[CHUNK][stamp] = (chunk.reshape(-1, added.size) - added).ravel()
    return info, outcome, messages


def samples(spec: Spec, messages) -> tuple[list, list, list]:
    """Observations, the frames that followed them and the chunks planned from them."""
    period = round(1e9 / spec.policy_hz)
    observed = spec.places(spec.imagined)
    observations, drivers = messages[OBSERVATION], messages[DRIVER]
    policy = {s for s, driver in drivers.items() if driver.startswith("policy ")}
    policy |= {s for s in messages[IMAGINATION] if drivers.get(s, "unknown") == "unknown"}
    stamps = sorted(observations)
    out: tuple[list, list, list] = ([], [], [])
    for i, stamp in enumerate(stamps):
        horizon = stamps[i : i + spec.frame_steps[-1] + 1]
        chunk = messages[CHUNK].get(stamp)
        if (
            len(horizon) <= spec.frame_steps[0]  # the episode ends: nothing to imagine
            or chunk is None
            or chunk.size != spec.chunk_steps * len(spec.joints)  # refused
            or any(s in policy for s in horizon)
            or any(abs(s - stamp - k * period) > period / 2 for k, s in enumerate(horizon))
        ):
            continue
        # Past its end an episode stands still.
        frames = [horizon[min(k, len(horizon) - 1)] for k in spec.frame_steps]
        out[0].append(observations[stamp])
        out[1].append(np.stack([observations[s][observed] for s in frames]))
        out[2].append(chunk.reshape(spec.chunk_steps, -1))
    return out


def each(folders: list[pathlib.Path], take, odd: list[str]):
    """What `take` makes of each episode in `folders`, also of those still open, in the order of their names.

    A file that it throws on is skipped, as `forearm train` does, and goes to `odd` with the reason.
    """
    for file in sorted(f for folder in folders for f in pathlib.Path(folder).glob("*.mcap*")):
        if file.name.endswith((".mcap", ".mcap.open")):
            try:
                taken = take(file)
            except Exception as e:  # whatever a damaged file makes its readers throw
                odd.append(f"skipped: {file}: {e or type(e).__name__}")
            else:
                yield taken


def demonstrated(spec: Spec, task: str, file: pathlib.Path) -> tuple[list, list, list] | None:
    """The samples of one episode; None if it did not succeed. Throws as `read`, and if there is nothing to learn."""
    info, outcome, messages = read(file)
    if info.get("task") != task:
        raise ValueError(f"recorded for task {info.get('task')!r}, wanted {task!r}")
    if outcome.get("result") != "success":
        return None
    widths = {v.size for v in messages[OBSERVATION].values()}
    if widths != {spec.width}:
        raise ValueError(f"observations have {sorted(widths)} values, wanted {spec.width}: "
                         "recorded with another robot file or version")
    found = samples(spec, messages)
    if not found[0]:
        raise ValueError("no samples: all chunks were refused, have gaps or are by another driver")
    return found


def load(spec: Spec, task: str, folders: list[pathlib.Path], limit: int | None, log=print) -> Data:
    """All demonstrations in `folders` that succeeded, in the order of their file names."""
    parts: tuple[list, list, list] = ([], [], [])
    odd: list[str] = []
    used = failed = 0
    for found in each(folders, lambda file: demonstrated(spec, task, file), odd):
        if found is None:
            failed += 1
            continue
        used += 1
        for part, values in zip(parts, found):
            part.extend(values)
        if used == limit:
            break
    for line in odd:
        log(line)
    if not used:
        raise SystemExit(f"found no successful episode of {task} in {', '.join(map(str, folders))}: "
                         f"{failed} did not succeed, {len(odd)} were skipped")
    log(f"{used} episodes, {len(parts[0])} samples, {len(odd)} skipped; {failed} that did not succeed left out")
    return Data(*(np.stack(p).astype(np.float32) for p in parts))
