"""Makes explanation.json by PyTorch's automatic differentiation: pip install torch; python make-reference.py"""
import json
from pathlib import Path

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
state = 31


def values(*shape):
    global state
    out = []
    for _ in range(int(torch.tensor(shape).prod())):
        state = (state * 1664525 + 1013904223) % 4294967296
        out.append(2 * (state / 4294967296) - 1)
    return torch.tensor(out).reshape(shape)


x = values(1, 1, 12, 10).requires_grad_(True)
w1, b1 = values(4, 1, 3, 3), values(4)
w2, b2 = values(5, 4, 3, 3), values(5)
w3, b3 = values(5 * 6 * 5, 3) * 0.2, values(3)


def forward():
    conv1 = F.conv2d(x, w1, b1, padding=1)
    relu1 = F.relu(conv1)
    pool1 = F.max_pool2d(relu1, 2)
    conv2 = F.conv2d(pool1, w2, b2, padding=1)
    relu2 = F.relu(conv2)
    return {"conv1": conv1, "relu1": relu1, "pool1": pool1, "conv2": conv2, "relu2": relu2}, relu2.flatten(1) @ w3 + b3


def grad_cam(layer, wanted):
    layers, logits = forward()
    maps = layers[layer]
    (gradient,) = torch.autograd.grad(logits[0, wanted], maps)
    cam = F.relu((gradient.mean(dim=(2, 3), keepdim=True) * maps).sum(dim=1, keepdim=True))
    large = F.interpolate(cam, size=x.shape[2:], mode="bilinear", align_corners=False)
    return {"layer": layer, "class": wanted, "cam": cam[0, 0].flatten().tolist(), "atInput": large[0, 0].flatten().tolist()}


def saliency(wanted):
    _, logits = forward()
    (gradient,) = torch.autograd.grad(logits[0, wanted], x)
    return gradient.abs()[0, 0].flatten().tolist()


_, logits = forward()
rounded = lambda item: json.loads(json.dumps(item), parse_float=lambda t: round(float(t), 8))
reference = {
    "versions": {"torch": torch.__version__},
    "logits": logits[0].tolist(),
    "gradCam": [grad_cam(layer, wanted) for layer, wanted in (("relu2", 0), ("relu2", 2), ("conv2", 1), ("relu1", 0), ("pool1", 2))],
    "saliency": [saliency(k) for k in range(3)],
}
Path(__file__).with_name("explanation.json").write_text(json.dumps(rounded(reference), separators=(",", ":")))
print(reference["versions"], reference["logits"])
