"""Trains small world-action policies from Forearm's recorded episodes and exports them as bundles.

`episodes` reads demonstrations, `spec` says what a policy sees and does, `model` holds the two
networks, `train` fits them, `graphs` writes them as ONNX and `bundle` packs everything.
"""
