export const pythonFiles = (frontEnd: boolean): Readonly<Record<string, string>> => ({
  'python/requirements.txt': 'numpy\nonnxruntime>=1.17\n',
  'python/recognise.py': program(frontEnd),
})

const program = (frontEnd: boolean): string => `"""python recognise.py FILE.wav ...

Prints for each file its most probable labels. Needs: pip install -r requirements.txt
"""
import json
import sys
import wave
from pathlib import Path

import numpy as np
import onnxruntime as ort

folder = Path(__file__).resolve().parent.parent
about = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
model = ort.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
${frontEnd ? '' : 'front_end = ort.InferenceSession(str(folder / "front-end.onnx"), providers=["CPUExecutionProvider"])\n'}

def read_wav(path):
    """Mono samples, full scale -1 to 1, of a WAV file with 16-bit samples."""
    with wave.open(path, "rb") as file:
        rate = file.getframerate()
        if rate != about["sampleRate"]:
            wanted = about["sampleRate"]
            raise SystemExit(f"{path} has {rate} Hz; the model takes {wanted} Hz: ffmpeg -i IN -ac 1 -ar {wanted} OUT.wav")
        if file.getsampwidth() != 2:
            raise SystemExit(f"{path} has {8 * file.getsampwidth()} bits a sample; this program reads 16-bit samples")
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float32) / 32768
        return samples.reshape(-1, file.getnchannels()).mean(axis=1, dtype=np.float32)


def recognise(samples):
    waveform = samples[np.newaxis]
${
  frontEnd
    ? '    (probabilities,) = model.run(["probabilities"], {"waveform": waveform})'
    : '    (features,) = front_end.run(["features"], {"waveform": waveform})\n    (probabilities,) = model.run(["probabilities"], {"features": features})'
}
    order = probabilities[0].argsort()[::-1]
    return [(about["labels"][i], float(probabilities[0][i])) for i in order]


if len(sys.argv) < 2:
    print(__doc__, file=sys.stderr)
for name in sys.argv[1:]:
    best = recognise(read_wav(name))[:3]
    print(f"{name}: " + ", ".join(f"{label} {100 * p:.1f} %" for label, p in best))
`
