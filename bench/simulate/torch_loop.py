"""The plain torch loop that a user would write: torch_loop.py NET.npz OBS.npz STEPS THREADS. Prints one JSON object."""

import json
import sys
import time

import numpy as np
import torch

WARM_UP_SECONDS = 0.3
SAMPLES = 15
SAMPLE_SECONDS = 0.1


def load_layers(path):
    arrays = np.load(path)
    count = sum(1 for key in arrays.files if key.startswith('w'))
    return [
        (torch.from_numpy(arrays[f'w{layer}']), torch.from_numpy(arrays[f'b{layer}']))
        for layer in range(count)
    ]


@torch.no_grad()
def simulate(layers, observations, steps):
    potentials = [torch.zeros(len(observations), len(bias)) for _, bias in layers]
    for _ in range(steps):
        signal = observations
        for layer, (weight, bias) in enumerate(layers):
            potentials[layer] = potentials[layer] + torch.nn.functional.linear(signal, weight, bias)
            if layer + 1 == len(layers):
                break
            signal = (potentials[layer] >= 1).float()
            potentials[layer] = potentials[layer] - signal
    return potentials[-1]


def timed(call):
    begin, calls = time.perf_counter(), 0
    while calls == 0 or time.perf_counter() - begin < WARM_UP_SECONDS:
        call()
        calls += 1
    repeats = max(1, round(SAMPLE_SECONDS / ((time.perf_counter() - begin) / calls)))
    samples = []
    for _ in range(SAMPLES):
        begin = time.perf_counter()
        for _ in range(repeats):
            call()
        samples.append((time.perf_counter() - begin) / repeats)
    samples.sort()
    return {
        'median': samples[SAMPLES // 2],
        'fastest': samples[0],
        'slowest': samples[-1],
        'calls': repeats * SAMPLES,
    }


def main():
    net, obs, steps, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    layers = load_layers(net)
    observations = torch.from_numpy(np.load(obs)['obs'])
    out = simulate(layers, observations, int(steps))
    answer = {
        'name': 'torch loop',
        'version': torch.__version__,
        'out': out.flatten().tolist(),
        'timing': timed(lambda: simulate(layers, observations, int(steps))),
    }
    print(json.dumps(answer))


main()
