"""Median time of one clip of a second through an exported model, one thread: prints {"ms": …, "version": …}."""
import json
import statistics
import sys
import time

import numpy as np
import onnxruntime as ort

options = ort.SessionOptions()
options.intra_op_num_threads = 1
session = ort.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
waveform = np.random.default_rng(1).normal(0, 0.1, (1, 16000)).astype(np.float32)
times = []
for i in range(320):
    start = time.perf_counter()
    session.run(["probabilities"], {"waveform": waveform})
    times.append((time.perf_counter() - start) * 1000)
print(json.dumps({"ms": statistics.median(times[20:]), "version": ort.__version__}))
