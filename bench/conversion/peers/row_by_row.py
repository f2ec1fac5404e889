"""Robust layer maxima as they were published: row_by_row.py WEIGHTS.npz ROWS.npy PERCENTILE LIMIT THREADS

Runs the float network alone on one row after the other and takes each layer's largest activation; sorts these and
takes the percentile by truncation. Prints seconds (of that alone) and the percentiles as one JSON object.
"""

import json
import sys
import time

import numpy as np
import torch


def main():
    weights_file, rows_file, percentile, limit, threads = sys.argv[1:]
    weights = np.load(weights_file)
    count = sum(key.startswith('w') for key in weights.files)
    layers = []
    for index in range(count):
        layer = torch.nn.Linear(*reversed(weights[f'w{index}'].shape))
        layer.weight.data = torch.from_numpy(weights[f'w{index}'])
        layer.bias.data = torch.from_numpy(weights[f'b{index}'])
        layers.append(layer)
    rows = np.load(rows_file)[: int(limit)].astype(np.float32)
    torch.set_num_threads(int(threads))

    begin = time.perf_counter()
    maxima = [[] for _ in layers]
    with torch.no_grad():
        for row in rows:
            value = torch.from_numpy(row)
            for index, layer in enumerate(layers):
                value = layer(value)
                if index + 1 < count:
                    value = torch.relu(value)
                maxima[index].append(value.max().item())
    at = int(float(percentile) * (len(rows) - 1))
    percentiles = [sorted(values)[at] for values in maxima]
    seconds = time.perf_counter() - begin
    print(json.dumps({'seconds': seconds, 'percentiles': percentiles, 'torch': torch.__version__}))


main()
