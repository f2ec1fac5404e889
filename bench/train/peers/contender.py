"""A trainer as a contender: one update after the other, every sample begun with the weights of the start."""

COMPARED_UPDATES = 10


def start(module, path):
    return module.make(path)


class Updates:
    """`make()` gives `update(batch)`, which returns a tensor with the loss, over fresh weights and optimiser."""

    def __init__(self, make, batches):
        self.make = make
        self.batches = batches
        self.reset()

    def reset(self):
        self.update = self.make()
        self.next = 0

    def call(self):
        # A user reads the loss.
        loss = self.update(self.batches[self.next]).item()
        self.next = (self.next + 1) % len(self.batches)
        return loss

    def check(self):
        self.reset()
        return [self.call() for _ in range(COMPARED_UPDATES)]
