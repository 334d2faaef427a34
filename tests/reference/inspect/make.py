"""Writes inspect.json: random scores and what scikit-learn, scipy and cleanlab say of them.

    python make.py   (numpy, scipy, scikit-learn, statsmodels, cleanlab)
"""
import json, pathlib, warnings
import numpy as np
import scipy, sklearn, cleanlab
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from sklearn import metrics
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
rng = np.random.default_rng(7)
numbers = lambda a: [float(x) for x in np.asarray(a, dtype=np.float64).ravel()]

cases = []
# Scores on a grid of 1/64 have ties.
for clips, classes, skill, wrong, grid in [(60, 3, 2.0, 0.1, 64), (400, 10, 3.0, 0.05, 0), (150, 5, 1.0, 0.2, 32), (300, 4, 5.0, 0.08, 0)]:
    truth = np.concatenate([np.arange(classes), rng.integers(0, classes, clips - classes)])
    logits = rng.normal(size=(clips, classes))
    logits[np.arange(clips), truth] += skill
    logits *= 1.7
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    if grid:
        p = np.round(p * grid) / grid + 1e-3
        p /= p.sum(1, keepdims=True)
    p = np.round(p, 6).astype(np.float32)
    labels = truth.copy()
    flip = rng.random(clips) < wrong
    labels[flip] = (labels[flip] + rng.integers(1, classes, flip.sum())) % classes
    p64 = p.astype(np.float64)
    log_p = np.log(p64)

    def nll(log_t):
        z = log_p / np.exp(log_t)
        return -(z - logsumexp(z, axis=1, keepdims=True))[np.arange(clips), labels].mean()

    best = minimize_scalar(nll, bounds=(np.log(0.05), np.log(20)), method="bounded", options={"xatol": 1e-10})
    joint, indices = compute_confident_joint(labels, p64, calibrate=False, return_indices_of_off_diagonals=True)
    rank = get_label_quality_scores(labels, p64, method="normalized_margin")
    curves = []
    for k in range(classes):
        is_class = labels == k
        fpr, tpr, roc_thresholds = metrics.roc_curve(is_class, p[:, k], drop_intermediate=False)
        precision, recall, pr_thresholds = metrics.precision_recall_curve(is_class, p[:, k])
        curves.append({
            "auc": metrics.roc_auc_score(is_class, p[:, k]), "averagePrecision": metrics.average_precision_score(is_class, p[:, k]),
            **({"fpr": numbers(fpr), "tpr": numbers(tpr), "precision": numbers(precision[:-1][::-1]), "recall": numbers(recall[:-1][::-1])} if len(cases) in (0, 2) else {}),
        })
    cases.append({
        "classes": classes, "labels": labels.tolist(), "probabilities": [round(x, 6) for x in numbers(p)],
        "curves": curves,
        "temperature": float(np.exp(best.x)), "nllAfter": float(best.fun),
        "thresholds": numbers(get_confident_thresholds(labels, p64)),
        "confidentJoint": joint.tolist(),
        "confident": sorted(int(i) for i in find_label_issues(labels, p64, filter_by="confident_learning", n_jobs=1).nonzero()[0]),
        "margins": numbers(rank),
    })
wilson = [[int(r), int(n), *map(float, proportion_confint(r, n, method="wilson"))] for r, n in [(0, 5), (3, 7), (50, 100), (10, 10), (1, 1000)]]
made = f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, cleanlab {cleanlab.__version__}"
pathlib.Path(__file__).with_name("inspect.json").write_text(json.dumps({"madeWith": made, "cases": cases, "wilson": wilson}))
