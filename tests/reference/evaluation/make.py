"""Writes evaluation.json: random classifications and what scikit-learn says of them.

    python make.py   (numpy, scikit-learn)
"""
import json, pathlib, warnings
import numpy as np
from sklearn import metrics, __version__

warnings.filterwarnings("ignore")
rng = np.random.default_rng(0)
cases = []
for clips, classes, skill, absent in [(12, 3, 0.5, 0), (200, 10, 0.7, 0), (57, 6, 0.3, 2), (120, 35, 0.8, 5), (1, 2, 1.0, 0)]:
    labels = rng.integers(0, classes - absent, clips)
    logits = rng.normal(size=(clips, classes)).astype(np.float32)
    logits[np.arange(clips), labels] += 4 * skill
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    probabilities = probabilities.astype(np.float32)
    predictions = probabilities.argmax(1)
    every = list(range(classes))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predictions, labels=every, zero_division=np.nan)
    cases.append({
        "classes": classes,
        "labels": labels.tolist(),
        "probabilities": [round(float(p), 6) for p in probabilities.ravel()],
        "accuracy": metrics.accuracy_score(labels, predictions),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, predictions),
        "macroF1": metrics.f1_score(labels, predictions, average="macro"),
        "negativeLogLikelihood": metrics.log_loss(labels, probabilities.astype(np.float64), labels=every),
        "precision": [None if np.isnan(x) else float(x) for x in precision],
        "recall": [None if np.isnan(x) else float(x) for x in recall],
        "support": support.tolist(),
        "confusion": metrics.confusion_matrix(labels, predictions, labels=every).tolist(),
    })
target = pathlib.Path(__file__).with_name("evaluation.json")
text = json.dumps({"madeWith": f"scikit-learn {__version__}", "cases": cases})
target.write_text(text)
