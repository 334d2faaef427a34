"""librosa's side of bench/features.ts: log-mel in decibels of one clip after another.

python features.py RATE CLIP_SAMPLES CLIPS ROUNDS  prints {"seconds": [one for each round], ...}
"""

import json
import sys
import time

import librosa
import numpy as np

rate, samples, clips, rounds = map(int, sys.argv[1:5])
window, hop = round(0.032 * rate), round(0.016 * rate)
size = 1 << (window - 1).bit_length()
x = np.random.default_rng(1).uniform(-1, 1, (clips, samples)).astype(np.float32)
bank = librosa.filters.mel(sr=rate, n_fft=size, n_mels=64)


def features(batch):
    """All clips at once: librosa's own vectorised form, with the filters made beforehand."""
    s = np.abs(librosa.stft(batch, n_fft=size, hop_length=hop, win_length=window, pad_mode="constant")) ** 2
    mel = np.einsum("mf,nft->nmt", bank, s, optimize=True)
    top = mel.max(axis=(1, 2), keepdims=True)
    db = 10 * (np.log10(np.maximum(mel, 1e-10)) - np.log10(np.maximum(top, 1e-10)))
    return np.maximum(db, -80) / 40 + 1


features(x[:2])
seconds = []
for _ in range(rounds):
    start = time.perf_counter()
    for i in range(0, clips, 32):
        features(x[i : i + 32])
    seconds.append(time.perf_counter() - start)
print(json.dumps({"seconds": seconds, "librosa": librosa.__version__, "numpy": np.__version__}))
