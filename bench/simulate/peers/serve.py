"""One peer in a process of its own: serve.py MODULE PROBLEM.npz. Answers each line of input with one JSON object.

  check          the outputs for all observations
  spikes FILE    saves each neuron's spikes for all observations, arr_0 … [rows][units], a layer each
  warm SECONDS   runs that long; seconds of one call
  time CALLS     seconds of one call, the mean of so many

A call takes a float32 array of one batch and returns its outputs as an array; nothing else is timed.
"""

import importlib
import json
import os
import sys
import time
from itertools import cycle, islice

import numpy as np
import problem as problems


def main():
    module_name, path = sys.argv[1:]
    # Libraries greet on standard output: it becomes standard error, and answers go to a copy.
    answers = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)

    def answer(**fields):
        print(json.dumps(fields), file=answers, flush=True)

    try:
        problem = problems.load(path)
        run, version = start(module_name, problem)
        answer(version=version)
        endless = cycle(problem.batches)
        for line in sys.stdin:
            command, *rest = line.split()
            if command == 'check':
                answer(out=[float(value) for batch in problem.batches for value in run(batch).flat])
            elif command == 'spikes':
                save_spikes(run, problem.batches, *rest)
                answer()
            else:
                answer(seconds=TIMINGS[command](run, endless, *map(float, rest)))
    except Exception as error:
        answer(error=f'{type(error).__name__}: {error}'.splitlines()[0])


def start(module_name, problem):
    module = importlib.import_module(module_name)
    return module.make(problem), module.VERSION


def warm(run, batches, seconds):
    begin = time.perf_counter()
    for calls, batch in enumerate(batches, 1):
        run(batch)
        passed = time.perf_counter() - begin
        if passed >= seconds:
            return passed / calls


def measure(run, batches, calls):
    begin = time.perf_counter()
    for batch in islice(batches, int(calls)):
        run(batch)
    return (time.perf_counter() - begin) / calls


def save_spikes(run, batches, path):
    found = []
    for batch in batches:
        counts = {}
        run(batch, counts)
        found.append([counts[index].numpy().astype(np.int32) for index in sorted(counts)])
    np.savez(path, *[np.concatenate(layer) for layer in zip(*found, strict=True)])


TIMINGS = {'warm': warm, 'time': measure}

main()
