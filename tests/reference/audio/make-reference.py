"""Reference values for the edits of clips: filters by SciPy, loudness by FFmpeg's ebur128 filter.
Run: python make-reference.py (needs scipy and ffmpeg); writes edits.json beside it."""
import json, pathlib, re, subprocess, tempfile
import numpy as np
from scipy import signal
from scipy.io import wavfile

here = pathlib.Path(__file__).parent

filters = []
for rate in (8000, 16000, 44100):
    for kind, hz in (("high-pass", 80), ("high-pass", 300), ("low-pass", 3000), ("low-pass", 900)):
        sos = signal.butter(4, hz, btype=kind.replace("-", ""), output="sos", fs=rate)
        impulse = np.zeros(64)
        impulse[0] = 1
        filters.append({"rate": rate, "kind": kind, "hz": hz, "impulse": signal.sosfilt(sos, impulse).tolist()})


def sound(rate, seconds, parts):
    """Sum of sines: (hertz, amplitude, from, to) in seconds."""
    t = np.arange(int(rate * seconds)) / rate
    x = np.zeros_like(t)
    for hz, amplitude, start, end in parts:
        x += np.where((t >= start) & (t < end), amplitude * np.sin(2 * np.pi * hz * t), 0)
    return x


cases = [
    (48000, 5, [(1000, 0.1, 0, 5)]),
    (16000, 6, [(440, 0.5, 0, 2), (300, 0.02, 2, 4), (2500, 0.2, 4, 6)]),
    (44100, 8, [(60, 0.4, 0, 8), (5000, 0.05, 1, 3)]),
    (8000, 4, [(900, 0.3, 0.5, 1.5)]),
]
loudness = []
for rate, seconds, parts in cases:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.wav"
        wavfile.write(path, rate, sound(rate, seconds, parts).astype(np.float32))
        log = subprocess.run(["ffmpeg", "-hide_banner", "-nostats", "-i", path, "-af", "ebur128", "-f", "null", "-"],
                             capture_output=True, text=True).stderr
    lufs = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", log)[-1])
    loudness.append({"rate": rate, "seconds": seconds, "parts": parts, "lufs": lufs})

(here / "edits.json").write_text(json.dumps({"filters": filters, "loudness": loudness}) + "\n")
