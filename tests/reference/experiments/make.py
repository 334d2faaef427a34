"""Writes statistics.json: what scipy and statsmodels say of small samples.

    python make.py   (numpy, scipy, statsmodels)
"""
import json, pathlib
import numpy as np
import scipy, statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(0)
intervals = []
for n in [2, 3, 5, 10, 40]:
    values = np.round(0.9 + 0.03 * rng.normal(size=n), 6)
    low, high = stats.t.interval(0.95, n - 1, loc=values.mean(), scale=stats.sem(values))
    intervals.append({"values": values.tolist(), "mean": values.mean(), "deviation": values.std(ddof=1), "low": low, "high": high})
quantiles = [{"confidence": c, "freedom": v, "t": stats.t.ppf((1 + c) / 2, v)} for c in [0.5, 0.9, 0.95, 0.999] for v in [1, 2, 4, 9, 29, 200]]
mcnemars = []
for n, a, b in [(20, 0.9, 0.6), (200, 0.9, 0.88), (500, 0.95, 0.85), (50, 0.8, 0.8), (10, 1.0, 1.0)]:
    first, second = rng.random(n) < a, rng.random(n) < b
    table = [[int((first & second).sum()), int((first & ~second).sum())], [int((~first & second).sum()), int((~first & ~second).sum())]]
    mcnemars.append({"first": first.astype(int).tolist(), "second": second.astype(int).tolist(), "p": float(mcnemar(table, exact=True).pvalue)})
holms = []
for n in [1, 3, 8]:
    p = np.round(rng.random(n) ** 3, 6)
    holms.append({"p": p.tolist(), "adjusted": multipletests(p, method="holm")[1].tolist()})
bootstraps = []
for n, seeds, a, b in [(300, 3, 0.93, 0.9), (400, 5, 0.9, 0.9), (150, 3, 0.97, 0.8)]:
    d = (rng.random((seeds, n)) < a).mean(0) - (rng.random((seeds, n)) < b).mean(0)
    result = stats.bootstrap((d,), np.mean, n_resamples=200_000, method="percentile", rng=rng)
    moved = result.bootstrap_distribution - d.mean()
    bootstraps.append({"differences": d.tolist(), "difference": d.mean(), "low": result.confidence_interval.low, "high": result.confidence_interval.high,
                       "p": float((np.abs(moved) >= abs(d.mean()) - 1e-12).mean())})
pathlib.Path(__file__).with_name("statistics.json").write_text(json.dumps({
    "madeWith": f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
    "intervals": intervals, "quantiles": quantiles, "mcnemar": mcnemars, "holm": holms, "bootstrap": bootstraps}))
