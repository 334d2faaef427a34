"""Makes features.json: what librosa, torch and scipy say about one generated signal.

Run with a Python that has librosa, scipy and torch:  python make-reference.py
The signal needs no file: a chirp and noise from a 32-bit linear congruential generator, see `signal`.
"""

import base64
import json
from pathlib import Path

import librosa
import numpy as np
import scipy
import scipy.fft
import torch

RATE = 8000
HERE = Path(__file__).parent


def noise(count, seed):
    """Uniform in [-1, 1): x <- 1664525 x + 1013904223 mod 2^32."""
    out, x = np.empty(count), seed
    for i in range(count):
        x = (1664525 * x + 1013904223) % 2**32
        out[i] = x / 2**31 - 1
    return out


def signal(count, seed=1):
    """A chirp from 100 Hz to 3700 Hz, twice a half-wave of amplitude, noise at 0.01."""
    t = np.arange(count) / count
    seconds = count / RATE
    phase = 2 * np.pi * (100 * t + 1800 * t * t) * seconds
    y = 0.5 * np.sin(phase) * np.abs(np.sin(2 * np.pi * t)) + 0.01 * noise(count, seed)
    return y.astype(np.float32)


def window_name(name):
    return {"rectangular": "boxcar"}.get(name, name)


def spectrum(y, c):
    f = c["frames"]
    window = round(f["windowMs"] * RATE / 1000)
    hop = round(f["hopMs"] * RATE / 1000)
    size = f.get("fftSize") or 1 << (window - 1).bit_length()
    padding = f.get("padding", "zero")
    s = librosa.stft(
        y.astype(np.float64), n_fft=size, hop_length=hop, win_length=window, window=window_name(f.get("window", "hann")),
        center=padding != "none", pad_mode="reflect" if padding == "reflect" else "constant", dtype=np.complex128,
    )
    return np.abs(s) ** f.get("power", 2), size


def logarithm(s, log, power):
    reference = s.max() if log.get("reference") == "max" else log.get("reference", 1)
    floor = log.get("floor", 1e-10)
    if log.get("floorBy") == "add":
        level = lambda x: np.log(x + floor)
    else:
        level = lambda x: np.log(np.maximum(x, floor))
    if log["unit"] == "db":
        if power == 2:
            return librosa.power_to_db(s, ref=reference, amin=floor, top_db=log.get("topDb"))
        return librosa.amplitude_to_db(s, ref=reference, amin=floor, top_db=log.get("topDb"))
    factor = 1 if log["unit"] == "ln" else np.log10(np.e)
    return factor * (level(s) - level(reference))


def features(y, c):
    if c.get("preEmphasis"):
        y = librosa.effects.preemphasis(y.astype(np.float64), coef=c["preEmphasis"], zi=[0.0])
    s, size = spectrum(y, c)
    power = c["frames"].get("power", 2)
    if c["kind"] != "spectrogram":
        m = c["mel"]
        bank = librosa.filters.mel(
            sr=RATE, n_fft=size, n_mels=m["bands"], fmin=m.get("fmin", 0), fmax=m.get("fmax"),
            htk=m.get("scale") == "htk", norm=m.get("norm", "slaney"), dtype=np.float64,
        )
        s = bank @ s
    if c.get("log"):
        s = logarithm(s, c["log"], power)
    if c["kind"] == "mfcc":
        s = librosa.feature.mfcc(S=s, n_mfcc=c["mfcc"]["count"], dct_type=2, norm="ortho", lifter=c["mfcc"].get("lifter", 0))
    if c.get("scale"):
        low, high = c["scale"]["low"], c["scale"]["high"]
        s = 2 * (s - low) / (high - low) - 1
    if c.get("resize"):
        size = (c["resize"]["height"], c["resize"]["width"])
        s = torch.nn.functional.interpolate(torch.from_numpy(s)[None, None], size=size, mode="bilinear", antialias=True, align_corners=False)[0, 0].numpy()
    if c.get("normalise") == "clip":
        axis = 1 if c.get("normalisePer") == "bin" else None
        s = (s - s.mean(axis=axis, keepdims=True)) / s.std(axis=axis, keepdims=True)
    return s


COMMON = {"version": 1, "sampleRate": RATE, "clip": {"seconds": 0.25}}
FRAMES = {"windowMs": 32, "hopMs": 16}
CASES = {
    "power spectrogram": {"kind": "spectrogram", "frames": FRAMES},
    "magnitude, hamming, reflected edges": {"kind": "spectrogram", "frames": {"windowMs": 25, "hopMs": 10, "window": "hamming", "padding": "reflect", "power": 1}},
    "no padding, blackman, long transform": {"kind": "spectrogram", "frames": {"windowMs": 20, "hopMs": 20, "window": "blackman", "padding": "none", "fftSize": 512}},
    "hop longer than the window": {"kind": "spectrogram", "frames": {"windowMs": 8, "hopMs": 13, "window": "rectangular"}},
    "odd sizes": {"kind": "spectrogram", "frames": {"windowMs": 12.6, "hopMs": 5.1, "fftSize": 150}},
    "decibels relative to the maximum": {"kind": "spectrogram", "frames": FRAMES, "log": {"unit": "db", "reference": "max", "topDb": 80}, "scale": {"low": -80, "high": 0}},
    "decibels of magnitude": {"kind": "spectrogram", "frames": {**FRAMES, "power": 1}, "log": {"unit": "db", "floor": 1e-5, "topDb": 60}},
    "log-mel, Slaney, natural logarithm": {"kind": "logmel", "frames": FRAMES, "mel": {"bands": 40}, "log": {"unit": "ln", "floor": 1e-6, "floorBy": "add"}},
    "log-mel, HTK, no norm, log10": {"kind": "logmel", "frames": FRAMES, "mel": {"bands": 32, "fmin": 60, "fmax": 3800, "scale": "htk", "norm": None}, "log": {"unit": "log10"}},
    "mel of magnitude": {"kind": "logmel", "frames": {**FRAMES, "power": 1}, "mel": {"bands": 24, "fmin": 20}, "log": {"unit": "ln", "floor": 1e-8}},
    "the default's settings": {"kind": "logmel", "frames": FRAMES, "mel": {"bands": 64}, "log": {"unit": "db", "reference": "max", "topDb": 80}, "scale": {"low": -80, "high": 0}},
    "pre-emphasis": {"kind": "logmel", "frames": FRAMES, "mel": {"bands": 40}, "preEmphasis": 0.97, "log": {"unit": "ln", "floor": 1e-6}},
    "clip normalisation": {"kind": "logmel", "frames": FRAMES, "mel": {"bands": 40}, "log": {"unit": "db"}, "normalise": "clip"},
    "clip normalisation of each bin": {"kind": "logmel", "frames": FRAMES, "mel": {"bands": 40}, "log": {"unit": "db"}, "normalise": "clip", "normalisePer": "bin"},
    "MFCC": {"kind": "mfcc", "frames": FRAMES, "mel": {"bands": 40}, "mfcc": {"count": 13}, "log": {"unit": "db", "topDb": 80}},
    "MFCC, lifter": {"kind": "mfcc", "frames": FRAMES, "mel": {"bands": 40, "scale": "htk", "norm": None}, "mfcc": {"count": 20, "lifter": 22}, "log": {"unit": "ln"}},
    "image, larger": {"kind": "logmel", "frames": FRAMES, "mel": {"bands": 20}, "log": {"unit": "db", "reference": "max", "topDb": 80}, "resize": {"height": 32, "width": 40}},
    "image, smaller": {"kind": "spectrogram", "frames": {"windowMs": 32, "hopMs": 4}, "log": {"unit": "db", "reference": "max", "topDb": 80}, "resize": {"height": 28, "width": 28}},
}


def packed(a):
    return {"shape": list(a.shape), "float32": base64.b64encode(np.ascontiguousarray(a, dtype="<f4").tobytes()).decode()}


def main():
    clip = signal(round(COMMON["clip"]["seconds"] * RATE))
    cases = {name: {"config": {**COMMON, **c}, **packed(features(clip, c))} for name, c in CASES.items()}
    rng = noise(23 * 17, 5).reshape(23, 17)
    sizes = [(23, 17), (46, 34), (11, 5), (7, 40), (224, 3), (1, 1)]
    resize = [
        packed(torch.nn.functional.interpolate(torch.from_numpy(rng)[None, None], size=s, mode="bilinear", antialias=True, align_corners=False)[0, 0].numpy())
        for s in sizes
    ]
    made_by = {"librosa": librosa.__version__, "torch": torch.__version__, "scipy": scipy.__version__, "numpy": np.__version__}
    out = {"madeBy": made_by, "signal": packed(clip), "cases": cases, "resizeInput": packed(rng), "resize": resize}
    (HERE / "features.json").write_text(json.dumps(out, separators=(",", ":")) + "\n")
    print((HERE / "features.json").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
