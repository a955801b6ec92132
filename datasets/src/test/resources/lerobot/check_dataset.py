"""Reads a dataset as others do, and compares it with the episodes that it was made from.

check_dataset.py [--lerobot] DATASET EPISODE...   prints one line of JSON, or fails; with
LeRobot's own loader, which must then be there, as well
"""
import bisect
import json
import pathlib
import sys

import av
import numpy as np
import pandas
import pyarrow.parquet as parquet
from mcap.reader import make_reader
from mcap_ros2.decoder import DecoderFactory

PATIENCE = 250_000_000  # timeouts_ms.observation of the robot file
CAMERAS = {"scene_camera": "/scene_camera/image_raw", "wrist_camera": "/wrist_camera/image_raw"}


def measured(message):
    age = message.log_time - message.publish_time
    return message.publish_time if 0 <= age <= PATIENCE else message.log_time


def series_of(episode):
    state, action, images = {}, {}, {camera: {} for camera in CAMERAS}
    with open(episode, "rb") as file:
        for _, channel, message, ros in make_reader(
            file, decoder_factories=[DecoderFactory()]
        ).iter_decoded_messages():
            if channel.topic == "/joint_states":
                state[measured(message)] = np.array(ros.position, np.float32)
            elif channel.topic == "/arm_controller/commands":
                action[message.log_time] = np.array(ros.data, np.float32)
            for camera, topic in CAMERAS.items():
                if channel.topic == topic:
                    pixels = np.frombuffer(bytes(ros.data), np.uint8)
                    pixels = pixels.reshape(ros.height, ros.width, 3)
                    images[camera][measured(message)] = (
                        pixels[:, :, ::-1] if ros.encoding == "bgr8" else pixels
                    )
    return state, action, images


def newest(series, nanos):
    times = sorted(series)
    return series[times[bisect.bisect_right(times, nanos) - 1]]


def expected(episode, fps):
    state, action, images = series_of(episode)
    all_series = [state, action, *images.values()]
    start = max(min(series) for series in all_series)
    frames = []
    while start + round(len(frames) * 1e9 / fps) <= max(state):
        nanos = start + round(len(frames) * 1e9 / fps)
        frames.append(
            (newest(state, nanos), newest(action, nanos),
             {camera: newest(shots, nanos) for camera, shots in images.items()})
        )
    return frames


def statistics_of(values):
    values = np.asarray(values, np.float64)
    quantiles = {f"q{q:02d}": np.quantile(values, q / 100, axis=0) for q in (1, 10, 50, 90, 99)}
    return {"min": values.min(0), "max": values.max(0), "mean": values.mean(0),
            "std": values.std(0), **quantiles}


def check_statistics(found, values, what):
    for name, wanted in statistics_of(values).items():
        got = np.asarray(found[name], np.float64).reshape(np.shape(wanted) or (1,))
        np.testing.assert_allclose(got, np.atleast_1d(wanted), rtol=1e-6, atol=1e-9,
                                   err_msg=f"{what} {name}")


def check_videos(root, info, rows, all_frames):
    """Every frame at its time, and near what was encoded."""
    worst = 0.0
    for camera in CAMERAS:
        key = f"observation.images.{camera}"
        for file_index in sorted({row[f"videos/{key}/file_index"] for row in rows}):
            path = info["video_path"].format(video_key=key, chunk_index=0, file_index=file_index)
            with av.open(str(root / path)) as video:
                stream = video.streams.video[0]
                assert stream.average_rate == info["fps"], stream.average_rate
                decoded = [
                    (float(frame.pts * stream.time_base), frame.to_ndarray(format="rgb24"))
                    for frame in video.decode(stream)
                ]
            here = [row for row in rows if row[f"videos/{key}/file_index"] == file_index]
            assert len(decoded) == sum(row["length"] for row in here)
            for row in here:
                for i in range(row["length"]):
                    seconds = row[f"videos/{key}/from_timestamp"] + i / info["fps"]
                    at, pixels = decoded[round(seconds * info["fps"])]
                    assert abs(at - seconds) < 1e-6, (at, seconds)
                    source = all_frames[row["dataset_from_index"] + i][2][camera]
                    worst = max(worst, float(np.abs(
                        pixels.astype(int) - source.astype(int)).mean()))
                assert abs(row[f"videos/{key}/to_timestamp"] - row[f"videos/{key}/from_timestamp"]
                           - row["length"] / info["fps"]) < 1e-9
    assert worst < 8, f"a picture is off by {worst} levels in the mean"
    return worst


def check_with_lerobot(root, all_frames):
    from lerobot.datasets.lerobot_dataset import LeRobotDataset

    dataset = LeRobotDataset("forearm/test", root=root)
    assert len(dataset) == len(all_frames)
    for i in range(len(dataset)):
        item = dataset[i]  # decodes, with LeRobot's own tolerance
        assert item["task"] == "Do it: lift", item["task"]
        np.testing.assert_array_equal(item["observation.state"].numpy(), all_frames[i][0])
        np.testing.assert_array_equal(item["action"].numpy(), all_frames[i][1])
        for camera in CAMERAS:
            got = item[f"observation.images.{camera}"].numpy().transpose(1, 2, 0) * 255
            assert np.abs(got - all_frames[i][2][camera]).mean() < 8
    assert dataset.meta.stats["action"]["q50"].shape == (8,)
    print("LeRobot's own loader agrees")


def main(root, episodes, with_lerobot):
    info = json.loads((root / "meta/info.json").read_text())
    statistics = json.loads((root / "meta/stats.json").read_text())
    tasks = pandas.read_parquet(root / "meta/tasks.parquet")
    assert tasks.index.tolist() == ["Do it: lift"], tasks
    assert tasks["task_index"].tolist() == [0]
    data = parquet.read_table(root / "data").to_pandas().sort_values("index")
    rows = parquet.read_table(root / "meta/episodes").to_pandas()
    rows = rows.sort_values("episode_index").to_dict("records")
    assert info["total_episodes"] == len(rows) == len(episodes)
    all_frames = []
    for row, episode in zip(rows, episodes):
        frames = expected(episode, info["fps"])
        assert row["length"] == len(frames), (row["length"], len(frames))
        assert row["dataset_from_index"] == len(all_frames)
        all_frames += frames
        assert row["dataset_to_index"] == len(all_frames)
        check_statistics(
            {name: row[f"stats/action/{name}"] for name in statistics_of([0.0])},
            [frame[1] for frame in frames], episode)
    assert info["total_frames"] == len(data) == len(all_frames)
    np.testing.assert_array_equal(np.stack(data["observation.state"]), [f[0] for f in all_frames])
    np.testing.assert_array_equal(np.stack(data["action"]), [f[1] for f in all_frames])
    for feature, place in (("observation.state", 0), ("action", 1)):
        check_statistics(statistics[feature], [frame[place] for frame in all_frames], feature)
    for camera in CAMERAS:
        pixels = np.stack([frame[2][camera] for frame in all_frames]).reshape(-1, 3) / 255
        check_statistics(
            {name: np.ravel(value) for name, value in
             statistics[f"observation.images.{camera}"].items()}, pixels, camera)
        assert np.shape(statistics[f"observation.images.{camera}"]["mean"]) == (3, 1, 1)
    worst = check_videos(root, info, rows, all_frames)
    if with_lerobot:
        check_with_lerobot(root, all_frames)
    print(json.dumps({"episodes": len(rows), "frames": len(data), "picture_error": worst}))


if __name__ == "__main__":
    paths = [pathlib.Path(argument) for argument in sys.argv[1:] if argument != "--lerobot"]
    main(paths[0], paths[1:], "--lerobot" in sys.argv)
