"""Writes a bundle's probe anew, for the observation of its old one, as its graphs give it now.

    python renew_probe.py ../../bundles/lift-sft ...

A bundle of format 1, whose probe is normalised, becomes one of format 2, whose probe is in physical units.
"""

import json
import pathlib
import sys

import numpy as np
import yaml
from safetensors.numpy import load_file, save

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from forearm_export.files import padded, sums  # noqa: E402
from forearm_export.probe import probe  # noqa: E402
from forearm_export.spec import of_manifest  # noqa: E402

FORMAT_1 = "format: 1\n"


def main(folder: pathlib.Path) -> None:
    text = (folder / "bundle.yaml").read_text()
    stats = {
        key: (np.array(value["mean"], np.float32), np.array(value["std"], np.float32))
        for key, value in json.loads((folder / "stats.json").read_text()).items()
    }
    old = load_file(folder / "probe.safetensors")
    observation = old["observation"].ravel()
    if text.startswith(FORMAT_1):
        mean, std = stats["observation"]
        observation = mean + std * observation
    spec = of_manifest(yaml.safe_load(text))
    images = {image.name: old[image.name][0] for image in spec.images}
    arrays = probe(folder, spec, stats, observation, images)
    (folder / "probe.safetensors").write_bytes(padded(save(arrays)))
    (folder / "bundle.yaml").write_text(text.replace(FORMAT_1, "format: 2\n", 1))
    sums(folder)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        main(pathlib.Path(name))
