"""
Exports networks of torchvision and Stable-Baselines3 at full size, with random weights, and computes what they answer.

Asked for `{"folder": …, "names": […]}` it writes into the folder NAME.onnx, beside it the data of its weights where the
exporter puts them there, and NAME.npz with `input` and `output`; it answers with the seconds that each took.
"""

import json
import sys
import time
from pathlib import Path

import gymnasium as gym
import numpy as np
import torch
import torchvision

VISION = {
    'resnet18': {},
    'mobilenet_v2': {},
    'squeezenet1_1': {},
    'googlenet': {'aux_logits': False, 'init_weights': False},
}
SIDE = 64
CLASSES = 10
ROWS = 16
CALIBRATION_ROWS = 64


def images(count, seed):
    """Smooth noise, so that neighbouring pixels go together as in photographs; each image has its own contrast."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.randn(count, 3, 8, 8, generator=generator)
    fine = torch.randn(count, 3, SIDE, SIDE, generator=generator)
    contrast = 0.3 + torch.rand(count, 1, 1, 1, generator=generator)
    smooth = torch.nn.functional.interpolate(coarse, SIDE, mode='bilinear')
    return contrast * (smooth + 0.3 * fine)


def vision_net(name):
    """
    Random weights; the batch norms' statistics are those of the images, their scales and shifts random. Most shifts are
    positive: with ReLUs at their kink everywhere, a change of 1 % in the input would change half of mobilenet_v2's output.
    """
    torch.manual_seed(sum(map(ord, name)))
    net = torchvision.models.get_model(name, weights=None, num_classes=CLASSES, **VISION[name])
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.7, 1.3)
            torch.nn.init.uniform_(module.bias, -0.2, 2.0)
            module.momentum = None
    net.train()
    with torch.no_grad():
        for seed in (1, 2):
            net(images(32, seed))
    return balanced(net.eval(), images(32, 3))


def balanced(net, rows):
    """Takes the mean answer off the last bias: untrained networks else give one class to everything."""
    last = [module for module in net.modules() if isinstance(module, torch.nn.Linear)][-1:]
    with torch.no_grad():
        for linear in last:
            linear.bias -= net(rows).mean(0)
    return net


class Frames(gym.Env):
    """Random frames of bytes: only the spaces matter, since nothing is trained."""

    observation_space = gym.spaces.Box(0, 255, (4, 84, 84), np.uint8)
    action_space = gym.spaces.Discrete(6)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample(), {}


def sb3_net(name):
    from stable_baselines3 import DQN

    rng = np.random.default_rng(7)
    if name == 'sb3-cnn-q':
        net = DQN('CnnPolicy', Frames(), seed=2, buffer_size=10, device='cpu').q_net
        frames = torch.from_numpy(rng.integers(0, 256, (ROWS, 4, 84, 84), dtype=np.uint8))
        return balanced(net, frames), frames
    policy = DQN('MlpPolicy', 'CartPole-v1', seed=1, buffer_size=10, device='cpu').policy
    for parameter in policy.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    states = torch.from_numpy(rng.normal(scale=2, size=(ROWS, 4)).astype(np.float32))
    balanced(policy.q_net, states)
    return (policy if name == 'sb3-mlp-policy' else policy.q_net), states


def export(folder, name):
    """NAME is NET-torchscript or NET-dynamo."""
    base, exporter = name.rsplit('-', 1)
    net, rows = (vision_net(base), images(ROWS, 9)) if base in VISION else sb3_net(base)
    net = net.eval()
    names = {'input_names': ['observation'], 'output_names': ['output']}
    path = folder / f'{name}.onnx'
    if exporter == 'dynamo':
        free = {'dynamic_shapes': ({0: torch.export.Dim('batch')},), 'external_data': True}
    else:
        free = {'dynamic_axes': {'observation': {0: 'batch'}, 'output': {0: 'batch'}}}
    torch.onnx.export(
        net, (rows[:2],), path, dynamo=exporter == 'dynamo', verbose=False, **names, **free
    )
    with torch.no_grad():
        output = net(rows)
    arrays = {'input': rows.numpy(), 'output': output.numpy()}
    if base in VISION:
        arrays['calibration'] = images(CALIBRATION_ROWS, 4).numpy()
    np.savez(folder / f'{name}.npz', **arrays)


def main():
    request = json.load(sys.stdin)
    torch.set_num_threads(2)
    seconds = {}
    for name in request['names']:
        start = time.perf_counter()
        export(Path(request['folder']), name)
        seconds[name] = round(time.perf_counter() - start, 2)
    print(json.dumps(seconds))


if __name__ == '__main__':
    main()
