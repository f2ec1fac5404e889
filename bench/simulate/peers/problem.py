"""What both sides get: network, observations and how to run them, from the one file that spiq's side wrote."""

import json
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Layer:
    kind: str  # dense, conv or flatten
    weight: np.ndarray | None
    bias: np.ndarray | None
    stride: int


@dataclass(frozen=True)
class Problem:
    layers: list[Layer]
    observations: np.ndarray  # float32 [rows, ...]
    steps: int
    batch: int
    threads: int

    @property
    def weighted(self):
        return [layer for layer in self.layers if layer.kind != 'flatten']

    @property
    def batches(self):
        count = len(self.observations) // self.batch
        return [self.observations[i * self.batch : (i + 1) * self.batch] for i in range(count)]

    @property
    def dense_only(self):
        return all(layer.kind == 'dense' for layer in self.layers)


def load(path):
    arrays = np.load(path)
    about = json.loads(arrays['about'].tobytes())
    layers = [
        Layer(spec['kind'], arrays.get(f'w{index}'), arrays.get(f'b{index}'), spec.get('stride', 1))
        for index, spec in enumerate(about['layers'])
    ]
    return Problem(layers, arrays['observations'], about['steps'], about['batch'], about['threads'])
