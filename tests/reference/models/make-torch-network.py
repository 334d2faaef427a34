"""Makes torch-network.json: a small network as PyTorch exports it, and what PyTorch says of one input.

python make-torch-network.py > torch-network.json      (torch, onnx)
"""
import base64
import io
import json

import torch

torch.manual_seed(1)
network = torch.nn.Sequential(
    torch.nn.Conv2d(1, 4, 3, padding=1),
    torch.nn.BatchNorm2d(4),
    torch.nn.ReLU(),
    torch.nn.MaxPool2d(4),
    torch.nn.Flatten(),
    torch.nn.Linear(64, 3),
)
network(torch.randn(32, 1, 16, 16))  # statistics that are not 0 and 1
network.eval()
features = torch.randn(1, 1, 16, 16)
file = io.BytesIO()
torch.onnx.export(network, features, file, input_names=["spectrogram"], output_names=["scores"], opset_version=17, dynamo=False, dynamic_axes={"spectrogram": {0: "batch"}, "scores": {0: "batch"}})
with torch.no_grad():
    logits = network(features)
print(json.dumps({"onnx": base64.b64encode(file.getvalue()).decode(), "features": [round(x, 6) for x in features.flatten().tolist()], "logits": [round(x, 6) for x in logits.flatten().tolist()]}))
