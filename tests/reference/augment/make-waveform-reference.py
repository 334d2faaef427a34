"""Reference values for the waveform steps: filters by scipy, µ-law by audioop's algorithm (G.711), speed by librosa.

Run: python make-waveform-reference.py > waveform.json
"""
import json
import numpy as np
import scipy.signal as signal

rate = 16000
frequencies = [50, 150, 300, 1000, 3400, 5000, 7000]


def decibels(b, a):
    _, h = signal.freqz(b, a, worN=frequencies, fs=rate)
    return [float(20 * np.log10(max(abs(v), 1e-12))) for v in h]


def product(sections):
    b, a = np.array([1.0]), np.array([1.0])
    for section in sections:
        b, a = np.convolve(b, section[:3]), np.convolve(a, section[3:])
    return b, a


def g711(sample):
    """The encoder and decoder of ITU-T G.711 (as in Sun's g711.c), from and to 16 bits."""
    bias, clip = 0x84, 32635
    sign, magnitude = (0x80, -sample) if sample < 0 else (0, sample)
    magnitude = min(magnitude, clip) + bias
    exponent = 7
    mask = 0x4000
    while exponent > 0 and not magnitude & mask:
        exponent -= 1
        mask >>= 1
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    value = (((mantissa << 3) + bias) << exponent) - bias
    return -value if sign else value


def peaking(f0, q, gain):
    """By the analogue prototype (s² + sA/Q + 1) / (s² + s/(AQ) + 1), prewarped, and scipy's bilinear transform."""
    amplitude = 10 ** (gain / 40)
    w = 2 * rate * np.tan(np.pi * f0 / rate)
    return signal.bilinear([1 / w**2, amplitude / (q * w), 1], [1 / w**2, 1 / (amplitude * q * w), 1], fs=rate)


samples = [0, 1, -1, 3, -7, 100, -132, 1000, -5000, 12345, -20000, 32635, 32767, -32768]
print(json.dumps({
    "rate": rate,
    "frequencies": frequencies,
    "highPass300": decibels(*signal.butter(4, 300, "highpass", fs=rate)),
    "lowPass3400": decibels(*signal.butter(4, 3400, "lowpass", fs=rate)),
    "peaking": [{"frequency": f, "quality": q, "gain": g, "decibels": decibels(*peaking(f, q, g))} for f, q, g in [(1000, 1, 6), (300, 0.7, -9), (5000, 2, 12)]],
    "muLaw": [[s, g711(s)] for s in samples],
}))
