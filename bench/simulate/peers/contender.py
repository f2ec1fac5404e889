"""A simulation as a contender: one batch of observations after the other, to its outputs."""

from itertools import cycle

import numpy as np
import problem as problems


def start(module, path):
    problem = problems.load(path)
    return Simulation(module.make(problem), problem)


class Simulation:
    """`run` takes a float32 array of one batch and returns its outputs as an array; nothing else is timed."""

    def __init__(self, run, problem):
        self.run = run
        self.batches = problem.batches
        self.next_batch = cycle(self.batches).__next__

    def call(self):
        self.run(self.next_batch())

    def check(self):
        return [value for batch in self.batches for value in self.run(batch).flat]

    def save(self, path):
        """Each neuron's spikes for all observations, arr_0 … [rows][units], a layer each."""
        found = []
        for batch in self.batches:
            counts = {}
            self.run(batch, counts)
            found.append([counts[index].numpy().astype(np.int32) for index in sorted(counts)])
        np.savez(path, *[np.concatenate(layer) for layer in zip(*found, strict=True)])
