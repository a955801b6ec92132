"""forearm-export: train a policy from episodes, sign a bundle, check a bundle against ONNX Runtime."""

from __future__ import annotations

import argparse
import dataclasses
import pathlib
import shlex
import sys

import numpy as np
import torch

from . import bundle, episodes, images, model, pixels, train
from .probe import nothing_committed, session
from .scaling import scalings
from .spec import tabletop, through_cameras

PARITY = 1e-4  # largest difference between PyTorch and ONNX Runtime, in standard deviations


def sft(args) -> None:
    shown, robot = tabletop(args.task, args.robot)
    spec = through_cameras(shown, robot, args.depth) if args.pixels else shown
    if not 0 <= args.prefix <= spec.chunk_steps:
        raise SystemExit(f"--prefix {args.prefix}: wanted 0 to the chunk's {spec.chunk_steps} steps")
    spec = dataclasses.replace(spec, prefix=args.prefix)
    limits = [tuple(j["position"]) for j in robot["joints"]]
    if args.pixels:
        data = pixels.load(shown, spec, args.episodes, args.limit)
    else:
        data = episodes.load(spec, args.task, args.episodes, args.limit)
    recipe = train.Recipe(
        **{f.name: getattr(args, f.name) for f in dataclasses.fields(train.Recipe)}
    )
    world, actor, code, stats = train.fit(spec, data, limits, recipe)
    middle = len(data.observation) // 2
    bundle.write(
        args.out,
        name=args.name or f"{args.task}-{'pixels' if args.pixels else 'sft'}",
        task=args.task,
        spec=spec,
        robot=robot,
        weights=model.weights(world, actor),
        encoding=code,
        hidden=(recipe.world_layers, recipe.actor_layers),
        stats=stats,
        probe_observation=data.observation[middle],
        probe_images={n: v[0] for n, v in views(spec, data, slice(middle, middle + 1)).items()},
        ranges=train.ranges(data, limits),
        made_by={
            "command": "forearm-export " + shlex.join(sys.argv[1:]),
            "samples": len(data.observation),
            **dataclasses.asdict(recipe),
        },
    )
    print(f"{args.out}: PyTorch and ONNX Runtime differ by {parity(args.out, spec, world, actor, data, stats):.1e}")


def views(spec, data, which) -> dict[str, np.ndarray]:
    """The image inputs of some samples."""
    return {
        image.name: images.batch(data.pictures[camera][which], image).numpy()
        for camera, image in enumerate(spec.images)
    }


def parity(out, spec, world, actor, data, stats) -> float:
    """Largest difference of the exported graphs to the networks over some of the data."""
    which = slice(None, None, max(1, len(data.observation) // 64))
    seen = data.observation[which]
    pictures = views(spec, data, which)
    x = scalings(spec, stats)["observation"].normalise(seen, seen)
    (imagined,) = session(out / "world_model.onnx").run(None, {"observation": x, **pictures})
    own = np.ascontiguousarray(x[:, spec.places(spec.proprioception)])
    feeds = {"proprioception": own, "imagined": imagined, **nothing_committed(spec, len(own))}
    if spec.prefix:
        chunk = scalings(spec, stats)["action"].normalise(seen, data.chunk[which])
        rows = train.committed(spec, torch.tensor(np.asarray(chunk, np.float32)))
        feeds |= {name: part.numpy() for name, part in zip(("prefix", "prefix_mask"), rows)}
    (actions,) = session(out / "actor.onnx").run(None, feeds)
    with torch.no_grad():
        wanted = world(torch.tensor(x), *map(torch.tensor, pictures.values())).numpy()
        acted = actor(*map(torch.tensor, feeds.values())).numpy()
    worst = float(max(np.abs(imagined - wanted).max(), np.abs(actions - acted).max()))
    if not worst <= PARITY:
        raise SystemExit(f"{out}: PyTorch and ONNX Runtime differ by {worst}, wanted {PARITY}")
    return worst


def main() -> None:
    parser = argparse.ArgumentParser(prog="forearm-export", description=__doc__)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("sft", help="train on demonstrations and write a bundle")
    one.add_argument("--task", required=True, choices=["lift", "tidy"])
    one.add_argument("--robot", required=True, help="robot file, as the runtime reads it")
    one.add_argument("--episodes", required=True, nargs="+", type=pathlib.Path, help="folders")
    one.add_argument("--limit", type=int, help="use only the first so many successful episodes")
    one.add_argument("--out", required=True, type=pathlib.Path)
    one.add_argument("--name")
    one.add_argument(
        "--prefix",
        type=int,
        default=0,
        metavar="STEPS",
        help="tell the actor of up to so many actions that inference delay has committed",
    )
    for field in dataclasses.fields(train.Recipe):
        one.add_argument(
            f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default
        )
    one.set_defaults(run=sft, pixels=False)
    three = commands.add_parser("pixels", parents=[one], add_help=False, help="as sft, but on what cameras see")
    three.add_argument(
        "--depth",
        type=float,
        nargs=2,
        metavar=("NEAR", "FAR"),
        help="see the robot file's depth_images as well, in metres from NEAR to FAR",
    )
    three.set_defaults(run=sft, pixels=True)
    two = commands.add_parser("sign", help="sign a bundle's SHA256SUMS")
    two.add_argument("bundle", type=pathlib.Path)
    two.add_argument("--key", required=True, type=pathlib.Path, help="Ed25519 private key, PEM")
    two.set_defaults(run=lambda args: bundle.sign(args.bundle, args.key))
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
