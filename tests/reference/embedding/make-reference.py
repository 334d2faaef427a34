"""Makes embedding.json by scikit-learn and umap-learn: pip install umap-learn scikit-learn; python make-reference.py"""
import json
import math
from pathlib import Path

import numpy as np
import sklearn
import umap
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set

COUNT, SIZE, NEIGHBOURS = 600, 24, 15


def points():
    state = 20261127

    def uniform():
        nonlocal state
        state = (state * 1664525 + 1013904223) % 4294967296
        return state / 4294967296

    mixing = [2 * uniform() - 1 for _ in range(3 * SIZE)]
    rows = []
    for i in range(COUNT):
        curve = i % 5
        t = 3 * uniform()
        base = [math.cos(t + curve) * (1 + curve), math.sin(t + 2 * curve) * 3, 2 * curve + t * t * 0.3]
        row = []
        for d in range(SIZE):
            noise = uniform() + uniform() + uniform() - 1.5
            row.append(base[0] * mixing[d] + base[1] * mixing[SIZE + d] + base[2] * mixing[2 * SIZE + d] + 0.2 * noise)
        rows.append(row)
    return np.array(rows, dtype=np.float32)


x = points()
pca = PCA(n_components=3, svd_solver="full").fit(x.astype(np.float64))
scores = pca.transform(x.astype(np.float64))
# A tree: the brute force way leaves a point some 1e-8 from itself, which the graph takes for its nearest neighbour.
distances, indices = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="kd_tree").fit(x.astype(np.float64)).kneighbors(x.astype(np.float64))
graph, _, _ = fuzzy_simplicial_set(x, NEIGHBOURS, np.random.RandomState(0), "euclidean", knn_indices=indices, knn_dists=distances.astype(np.float32))
graph = graph.tocoo()
maps = {}
for seed in range(5):
    embedded = umap.UMAP(n_neighbors=NEIGHBOURS, min_dist=0.1, init="pca", random_state=seed, n_jobs=1).fit_transform(x)
    maps[seed] = float(trustworthiness(x, embedded, n_neighbors=NEIGHBOURS))
reference = {
    "versions": {"scikit-learn": sklearn.__version__, "umap-learn": umap.__version__},
    "scores": np.round(scores, 9).tolist(),
    "variance": pca.explained_variance_ratio_.tolist(),
    "neighbours": indices[::20].tolist(),
    "curves": {str(d): list(map(float, find_ab_params(1.0, d))) for d in (0.0, 0.1, 0.25, 0.5, 0.8)},
    "graph": {"edges": int(graph.nnz), "total": float(graph.data.sum()), "first": [[int(i), int(j), float(w)] for i, j, w in zip(graph.row, graph.col, graph.data) if i < 5]},
    "trustworthiness": {"pca": float(trustworthiness(x, scores[:, :2], n_neighbors=NEIGHBOURS)), "umap": maps},
}
Path(__file__).with_name("embedding.json").write_text(json.dumps(reference, separators=(",", ":")))
print(reference["versions"], reference["trustworthiness"], reference["graph"]["edges"], reference["curves"])
