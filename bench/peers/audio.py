"""libsndfile's and libsoxr's side of bench/audio.ts; prints {"seconds": …}.

python audio.py inspect|decode|resample FOLDER WORKERS
python audio.py rate FROM TO SECONDS
"""

import hashlib
import io
import json
import os
import sys
import time
from multiprocessing import Pool

import numpy as np
import soundfile
import soxr


def inspect(path):
    with open(path, "rb") as file:
        data = file.read()
    return hashlib.sha256(data).hexdigest(), soundfile.info(io.BytesIO(data)).frames


def decode(path):
    return len(soundfile.read(path, dtype="float32")[0])


def resample(path):
    samples, rate = soundfile.read(path, dtype="float32")
    return len(soxr.resample(samples, rate, 16000, quality="VHQ"))


if __name__ == "__main__":
    if sys.argv[1] == "rate":
        source, target, seconds = map(int, sys.argv[2:5])
        noise = np.random.default_rng(1).uniform(-0.5, 0.5, source * seconds).astype(np.float32)
        soxr.resample(noise[:1000], source, target, quality="VHQ")
        start = time.perf_counter()
        soxr.resample(noise, source, target, quality="VHQ")
    else:
        work = {"inspect": inspect, "decode": decode, "resample": resample}[sys.argv[1]]
        folder = sys.argv[2]
        paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".wav"))
        with Pool(int(sys.argv[3])) as pool:
            pool.map(work, paths[:50])
            start = time.perf_counter()
            pool.map(work, paths, chunksize=50)
            print(json.dumps({"seconds": time.perf_counter() - start}))
            sys.exit()
    print(json.dumps({"seconds": time.perf_counter() - start}))
