"""Runs exported models in Python's onnxruntime.

Arguments: a JSON file [{"model": path, "waveform": path of float32 samples}, …].
Prints, one JSON list: for each its probabilities, labels and sample rate, as Python reads them from the file.
"""
import json
import sys

import numpy as np
import onnxruntime as ort

answers = []
with open(sys.argv[1], encoding="utf-8") as file:
    jobs = json.load(file)
for job in jobs:
    session = ort.InferenceSession(job["model"], providers=["CPUExecutionProvider"])
    waveform = np.fromfile(job["waveform"], dtype="<f4")[None]
    (probabilities,) = session.run(["probabilities"], {"waveform": waveform})
    metadata = session.get_modelmeta().custom_metadata_map
    answers.append(
        {
            "probabilities": probabilities[0].astype(float).tolist(),
            "labels": json.loads(metadata["labels"]),
            "sampleRate": int(metadata["sampleRate"]),
        }
    )
print(json.dumps(answers))
