"""Makes time-warp.json: a picture warped along time by SciPy's own thin-plate spline and sampler.

Run with a Python that has numpy and scipy:  python make-reference.py
The spline is the sparse image warp of SpecAugment (arXiv 1904.08779, section 2): seven control points, six of
them fixed (corners and the middles of the vertical edges), the flow interpolated at the places where the points
arrive, and the picture read against the flow, linearly, with its edge values beyond the edge.
"""

import base64
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.interpolate import RBFInterpolator
from scipy.ndimage import map_coordinates

HERE = Path(__file__).parent


def sparse_image_warp(image, moved, shift):
    height, width = image.shape
    middle = (height - 1) / 2
    points = np.array([(middle, moved)] + [(y, x) for y in (0, middle, height - 1) for x in (0, width - 1)], dtype=float)
    flows = np.zeros((7, 2))
    flows[0, 1] = shift
    spline = RBFInterpolator(points, flows, kernel="thin_plate_spline", degree=1)
    grid = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), axis=-1).reshape(-1, 2).astype(float)
    query = grid - spline(grid)
    query[:, 1] = np.clip(query[:, 1], 0, width - 1)
    return map_coordinates(image, query.T, order=1, mode="nearest").reshape(height, width)


def packed(a):
    return {"shape": list(a.shape), "float32": base64.b64encode(np.ascontiguousarray(a, dtype="<f4").tobytes()).decode()}


def main():
    rng = np.random.default_rng(7)
    cases = []
    for height, width, moved, shift in [(12, 20, 9, 3.25), (12, 20, 6, -2.5), (7, 31, 1, -4), (7, 31, 29, 5.75), (64, 27, 13, 3.9), (3, 3, 1, 0.4), (40, 16, 8, 0)]:
        image = rng.standard_normal((height, width)).astype(np.float32)
        cases.append({"moved": moved, "shift": shift, "image": packed(image), "warped": packed(sparse_image_warp(image.astype(float), moved, shift))})
    (HERE / "time-warp.json").write_text(json.dumps({"madeBy": {"scipy": scipy.__version__}, "cases": cases}, separators=(",", ":")) + "\n")
    print((HERE / "time-warp.json").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
