"""An update of a Q-network as torch's own tutorial writes it, the target network's values without gradients."""

import copy

import torch
from contender import Updates
from training import load, make_layers, make_optimiser

VERSION = torch.__version__
LOSSES = {'mse': torch.nn.functional.mse_loss, 'huber': torch.nn.functional.smooth_l1_loss}


def make(path):
    about, arrays, batches = load(path)
    loss_of = LOSSES[about.loss]

    def make_update():
        policy = torch.nn.Sequential(*with_relus(make_layers(about, arrays)))
        target = copy.deepcopy(policy)
        optimiser = make_optimiser(about, policy.parameters())

        def update(batch):
            with torch.no_grad():
                best = target(torch.from_numpy(batch.next)).max(1).values
                goes_on = 1 - torch.from_numpy(batch.terminated).float()
                wanted = torch.from_numpy(batch.rewards) + about.gamma * goes_on * best
            values = policy(torch.from_numpy(batch.observations))
            taken = values.gather(1, torch.from_numpy(batch.chosen).unsqueeze(1)).squeeze(1)
            loss = loss_of(taken, wanted)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            return loss

        return update

    return Updates(make_update, batches)


def with_relus(layers):
    for layer in layers[:-1]:
        yield layer
        if not isinstance(layer, torch.nn.Flatten):
            yield torch.nn.ReLU()
    yield layers[-1]
