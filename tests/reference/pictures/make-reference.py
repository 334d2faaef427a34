"""Makes tiles.json: what librosa says about the columns of spectrogram tiles of one generated signal.

Run with a Python that has librosa and scipy:  python make-reference.py
The signal needs no file: a chirp and noise from a 32-bit linear congruential generator, in 16 bits as in a WAV file.
"""

import base64
import json
from pathlib import Path

import librosa
import numpy as np
import scipy.signal

RATE = 8000
HERE = Path(__file__).parent


def signal(count, seed=1):
    """A chirp from 100 Hz to 3700 Hz, twice a half-wave of amplitude, noise at 0.01; rounded to 16 bits."""
    noise, x = np.empty(count), seed
    for i in range(count):
        x = (1664525 * x + 1013904223) % 2**32
        noise[i] = x / 2**31 - 1
    t = np.arange(count) / count
    phase = 2 * np.pi * (100 * t + 1800 * t * t) * count / RATE
    y = 0.5 * np.sin(phase) * np.abs(np.sin(2 * np.pi * t)) + 0.01 * noise
    return np.round(y * 32768) / 32768


def columns(y, window, size, fft_size, hop, windows):
    """Mean power [column, bin] of `windows` windows spread evenly over one hop around each multiple of it.

    The centres of librosa's frames are multiples of its hop from where the signal is made to start, so each of the
    windows of a column is one run of librosa on the shifted signal. A full-scale sine gives 1.
    """
    name = {"rectangular": "boxcar"}.get(window, window)
    weights = scipy.signal.get_window(name, size, fftbins=True)
    count = (len(y) - 1) // hop + 1
    total = np.zeros((count, fft_size // 2 + 1))
    room = hop + fft_size
    padded = np.concatenate([np.zeros(room), y, np.zeros(room + hop)])
    # librosa puts a shorter window in the middle of the transform; only phases differ from zeros after it.
    for w in range(windows):
        shift = (2 * w + 1 - windows) * hop // (2 * windows)
        first = room + shift - fft_size // 2
        s = librosa.stft(padded[first:], n_fft=fft_size, hop_length=hop, win_length=size, window=name, center=False, dtype=np.complex128)
        total += np.abs(s[:, :count].T) ** 2
    return total / windows * (2 / weights.sum()) ** 2


CASES = {
    "as the default at 8 kHz": dict(window="hann", size=256, fft_size=1024, hop=64, windows=1),
    "no zeros after the window": dict(window="hamming", size=128, fft_size=128, hop=32, windows=1),
    "an odd power of two": dict(window="blackman", size=512, fft_size=512, hop=64, windows=1),
    "rectangular": dict(window="rectangular", size=64, fft_size=256, hop=32, windows=1),
    "two windows a column": dict(window="hann", size=256, fft_size=256, hop=128, windows=2),
    "eight windows, apart from one another": dict(window="hann", size=32, fft_size=64, hop=512, windows=8),
}


def packed(a):
    return {"shape": list(a.shape), "float32": base64.b64encode(np.ascontiguousarray(a, dtype="<f4").tobytes()).decode()}


def main():
    y = signal(2500)
    cases = {name: {**c, "power": packed(columns(y, **c)[:24])} for name, c in CASES.items()}
    out = {"madeBy": {"librosa": librosa.__version__, "scipy": scipy.__version__, "numpy": np.__version__}, "rate": RATE, "signal": packed(y), "cases": cases}
    (HERE / "tiles.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
    print((HERE / "tiles.json").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
