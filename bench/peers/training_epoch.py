"""Epochs of LeNet-5 (ReLU, max pooling, AdamW) in PyTorch over clips in memory: threads, layout, clips, batch,
side, epochs. Every epoch shuffles the clips. Prints JSON: seconds of each epoch, version, and the BLAS in use."""
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

threads, layout, clips, batch, side, epochs = int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:7])
torch.set_num_threads(threads)
torch.manual_seed(0)
model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(16 * (side // 4 - 2) ** 2, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
x, y = torch.rand(clips, 1, side, side), torch.arange(clips) % 10
if layout == 'channels_last':
    model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=0.01)
seconds = []
for epoch in range(epochs + 1):
    start = time.perf_counter()
    order = torch.randperm(clips)
    # As many full batches as cover the clips; the last one is filled from the beginning.
    order = torch.cat([order, order[:-clips % batch]])
    for at in range(0, len(order), batch):
        part = order[at:at + batch]
        xs = x[part]
        if layout == 'channels_last':
            xs = xs.to(memory_format=torch.channels_last)
        optimizer.zero_grad()
        F.cross_entropy(model(xs), y[part], label_smoothing=0.1).backward()
        optimizer.step()
    seconds.append(time.perf_counter() - start)
libraries = open('/proc/self/maps').read() if sys.platform == 'linux' else ''
blas = 'MKL' if 'BLAS_INFO=mkl' in torch.__config__.show() else 'OpenBLAS' if 'openblas' in libraries else 'BLAS of the system'
print(json.dumps({'seconds': seconds[1:], 'version': torch.__version__, 'blas': blas}))
