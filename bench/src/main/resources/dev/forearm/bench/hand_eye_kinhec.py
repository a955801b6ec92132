"""Sequences of the public set KinHEC, generated from its own seed, and its reference solvers.

Writes pose pairs and truth to a JSON file; prints each reference solver's median error, mm and deg.
"""
import contextlib
import io
import json
import pathlib
import sys

import numpy as np
from kinhec import benchmark, load_manifest, se3
from kinhec.io import load_sequence
from kinhec.pipeline import generate_dataset

TRACKS = ['noise', 'outliers']


def main():
    folder, output = sys.argv[1], sys.argv[2]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        generate_dataset('smoke', pathlib.Path(folder), workers=1, tracks=TRACKS)
    manifest = load_manifest(folder, TRACKS)
    sequences, errors = [], {name: [] for name in benchmark.SOLVERS}
    for name in manifest['sequence_id']:
        sequence = load_sequence(folder, name, manifest)
        data = benchmark._keyframe_data(sequence, None)
        arm, camera = data[0], data[1]
        sequences.append({
            'name': name,
            'arm': np.asarray(arm)[:, :3, :].reshape(len(arm), 12).tolist(),
            'camera': np.asarray(camera)[:, :3, :].reshape(len(camera), 12).tolist(),
            'truth': np.asarray(sequence.X)[:3, :].ravel().tolist()})
        for solver, solve in benchmark.SOLVERS.items():
            found = solve(data, np.random.default_rng(0))['X']
            errors[solver].append(se3.pose_error(found, sequence.X))
    with open(output, 'w', encoding='utf-8') as out:
        json.dump(sequences, out)
    for solver, all_of in errors.items():
        deg, mm = np.median(np.array(all_of), axis=0)
        print(f'peer_kinhec_{solver}_mm', mm)
        print(f'peer_kinhec_{solver}_deg', deg)


main()
