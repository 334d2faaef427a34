"""Writes compare.json: what pandas says of smoothed and grouped curves, and statsmodels of McNemar's test.

    python make.py   (pandas, statsmodels)
"""
import json, pathlib
import numpy as np, pandas as pd, statsmodels
from statsmodels.stats.contingency_tables import mcnemar

rng = np.random.default_rng(0)
rounded = lambda values: [None if np.isnan(v) else float(v) for v in values]

y = np.round(2 / np.sqrt(np.arange(1, 61)) + 0.1 * rng.normal(size=60), 6)
smoothed = [{"weight": w, "y": rounded(pd.Series(y).ewm(alpha=1 - w, adjust=True).mean())} for w in (0, 0.3, 0.9, 0.99)]

curves, columns = [], {}
for i, (start, stop, step) in enumerate([(0, 40, 4), (2, 50, 4), (0, 31, 3)]):
    x = np.arange(start, stop, step)
    values = np.round(rng.normal(size=len(x)), 6)
    curves.append({"x": x.tolist(), "y": values.tolist()})
    columns[i] = pd.Series(values, index=x)
# Straight lines between the points of a curve, nothing outside of it.
table = pd.DataFrame(columns).sort_index().interpolate(method="index", limit_area="inside")
grouped = {
    "x": [int(x) for x in table.index], "mean": rounded(table.mean(axis=1)), "deviation": rounded(table.std(axis=1, ddof=1).fillna(0)),
    "low": rounded(table.min(axis=1)), "high": rounded(table.max(axis=1)), "count": [int(c) for c in table.count(axis=1)],
}

pairs = [(0, 1), (0, 6), (3, 9), (10, 10), (12, 30), (150, 190), (900, 1010), (2000, 1500)]
tests = [{"onlyA": a, "onlyB": b, "p": float(mcnemar([[0, a], [b, 0]], exact=True).pvalue)} for a, b in pairs]

out = {"pandas": pd.__version__, "statsmodels": statsmodels.__version__, "y": y.tolist(), "smoothed": smoothed, "curves": curves, "grouped": grouped, "mcnemar": tests}
pathlib.Path(__file__).with_name("compare.json").write_text(json.dumps(out) + "\n")
