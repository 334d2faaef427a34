"""One training step of LeNet-5 (ReLU, max pooling) in PyTorch: threads, layout, batch, side, steps. Prints JSON:
milliseconds of each step and which BLAS it uses."""
import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

threads, layout, batch, side, steps = int(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:6])
torch.set_num_threads(threads)
torch.manual_seed(0)
flat = 16 * (side // 4 - 2) ** 2
model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
    nn.Linear(flat, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
x, y = torch.rand(batch, 1, side, side), torch.arange(batch) % 10
if layout == 'channels_last':
    x, model = x.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)


wall = []
for _ in range(steps + 3):
    start = time.perf_counter()
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
    wall.append((time.perf_counter() - start) * 1e3)
shown = torch.__config__.show()
with open('/proc/self/maps') as maps:
    loaded = maps.read().lower()
blas = 'MKL' if 'BLAS_INFO=mkl' in shown else 'OpenBLAS' if 'openblas' in loaded else 'BLIS' if 'libblis' in loaded else 'an unnamed BLAS'
if torch.backends.mkldnn.is_available():
    blas += ' and oneDNN'
print(json.dumps({'wall': wall[3:], 'version': torch.__version__, 'blas': blas}))
