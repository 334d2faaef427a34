"""Training steps in PyTorch of the network that a layer list describes: file, channels, height, width, classes, batch,
numbers of threads (with commas between), steps. Prints JSON: for each number of threads and layout the milliseconds of each
step and the processor time of all, the version, and the BLAS in use."""
import json
import math
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

file, (channels, height, width, classes, batch), all_threads, steps = sys.argv[1], map(int, sys.argv[2:7]), sys.argv[7], int(sys.argv[8])
WARM_UP = 2


def pair(v):
    return (v, v) if isinstance(v, int) else tuple(v)


class Residual(nn.Module):
    def __init__(self, body, shortcut):
        super().__init__()
        self.body, self.shortcut = body, shortcut

    def forward(self, x):
        return self.body(x) + self.shortcut(x)


class Frames(nn.Module):
    """Channels and frequencies of each frame as the features of a recurrent layer; the last state, or all of them."""

    def __init__(self, kind, features, spec):
        super().__init__()
        self.net = kind(features, spec['units'], bidirectional=spec.get('bidirectional', False))
        self.all = spec.get('returns', 'last') == 'all'

    def forward(self, x):
        n, c, h, t = x.shape
        out, _ = self.net(x.permute(3, 0, 1, 2).reshape(t, n, c * h))
        return out.permute(1, 2, 0).unsqueeze(2) if self.all else out[-1]


class SubSpectralNorm(nn.Module):
    def __init__(self, channels, bands):
        super().__init__()
        self.bands, self.norm = bands, nn.BatchNorm2d(channels * bands)

    def forward(self, x):
        n, c, h, t = x.shape
        return self.norm(x.reshape(n, c * self.bands, h // self.bands, t)).reshape(n, c, h, t)


class FrequencyMean(nn.Module):
    def forward(self, x):
        return x.mean(2, keepdim=True)


class Along(nn.Module):
    """A convolution along time over channels and frequencies together."""

    def __init__(self, conv):
        super().__init__()
        self.conv = conv

    def forward(self, x):
        return self.conv(x.reshape(x.shape[0], -1, 1, x.shape[3]))


def convolution(spec, shape, along):
    c, h, w = (shape[0] * shape[1], 1, shape[2]) if along else shape
    only = lambda v: (1, v)
    kernel = only(spec['kernel']) if along else pair(spec['kernel'])
    stride = only(spec.get('stride', 1)) if along else pair(spec.get('stride', 1))
    dilation = only(spec.get('dilation', 1)) if along else pair(spec.get('dilation', 1))
    p = spec.get('padding', 'valid')
    if p == 'same':
        total = [max(0, (math.ceil(n / s) - 1) * s + d * (k - 1) + 1 - n) for n, s, d, k in zip((h, w), stride, dilation, kernel)]
        padding = tuple(math.ceil(t / 2) for t in total)
    elif p == 'valid':
        padding = (0, 0)
    else:
        padding = (0, p) if along else (p, p) if isinstance(p, int) else tuple(p[:2])
    conv = nn.Conv2d(c, spec['filters'], kernel, stride, padding, dilation, spec.get('groups', 1), bias=spec.get('bias', True))
    return Along(conv) if along and shape[1] > 1 else conv


def layer(spec, shape):
    t = spec['type']
    if t in ('conv2d', 'conv1d'):
        return convolution(spec, shape, t == 'conv1d')
    if t == 'batchNorm':
        return nn.BatchNorm2d(shape[0])
    if t == 'subSpectralNorm':
        return SubSpectralNorm(shape[0], spec['bands'])
    if t == 'frequencyAvgPool':
        return FrequencyMean()
    if t == 'relu':
        return nn.ReLU(inplace=True)
    if t == 'silu':
        return nn.SiLU(inplace=True)
    if t == 'maxPool':
        return nn.MaxPool2d(pair(spec['kernel']), pair(spec.get('stride', spec['kernel'])))
    if t == 'globalAvgPool':
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    if t == 'flatten':
        return nn.Flatten()
    if t == 'dropout':
        return nn.Dropout2d(spec['rate']) if spec.get('channels') else nn.Dropout(spec['rate'])
    if t == 'linear':
        return nn.Linear(math.prod(shape), classes if spec['units'] == 'classes' else spec['units'])
    if t in ('gru', 'lstm'):
        return Frames(nn.GRU if t == 'gru' else nn.LSTM, shape[0] * shape[1], spec)
    if t == 'residual':
        return Residual(sequence(spec['body'], shape), sequence(spec.get('shortcut', []), shape))
    raise SystemExit(f'no {t} here')


def sequence(specs, shape):
    modules, shown = [], torch.zeros(2, *shape)
    for spec in specs:
        modules.append(layer(spec, tuple(shown.shape[1:])))
        with torch.no_grad():
            shown = modules[-1](shown)
    return nn.Sequential(*modules)


def train(threads, layout):
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    with open(file) as f:
        model = sequence(json.load(f)['layers'], (channels, height, width))
    x, y = torch.rand(batch, channels, height, width), torch.arange(batch) % classes
    if layout == 'channels_last':
        x, model = x.to(memory_format=torch.channels_last), model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    wall, cpu = [], []
    for _ in range(steps + WARM_UP):
        start, used = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        wall.append((time.perf_counter() - start) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
    return {'threads': threads, 'layout': layout, 'wall': wall[WARM_UP:], 'cpu': cpu[WARM_UP:]}


runs = [train(int(threads), layout) for threads in all_threads.split(',') for layout in ('contiguous', 'channels_last')]
with open('/proc/self/maps') as maps:
    loaded = maps.read().lower()
blas = 'MKL' if 'BLAS_INFO=mkl' in torch.__config__.show() else 'OpenBLAS' if 'openblas' in loaded else 'BLIS' if 'libblis' in loaded else 'an unnamed BLAS'
if torch.backends.mkldnn.is_available():
    blas += ' and oneDNN'
print(json.dumps({'runs': runs, 'version': torch.__version__, 'blas': blas}))
