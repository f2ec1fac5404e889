"""Q-networks and policies of Stable-Baselines3, exported as its documentation describes."""

import gymnasium as gym
import numpy as np
import stable_baselines3
import torch
from stable_baselines3 import DQN, PPO

from ..onnx_files import export
from .listing import write_export

ROWS = 12
SMALL = {'net_arch': [16, 16]}


class ByteFrames(gym.Env):
    """Random frames: only the spaces matter, since nothing is trained."""

    observation_space = gym.spaces.Box(0, 255, (2, 36, 36), np.uint8)
    action_space = gym.spaces.Discrete(4)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.observation_space.sample(), {}

    def step(self, action):
        return self.observation_space.sample(), 0.0, False, False, {}


class ActorOnly(torch.nn.Module):
    """The actions' logits of an actor-critic policy, without its sampling."""

    def __init__(self, policy):
        super().__init__()
        self.extractor = policy.mlp_extractor
        self.action_net = policy.action_net

    def forward(self, observation):
        return self.action_net(self.extractor.forward_actor(observation))


def small_cnn():
    """SB3's NatureCNN has 32 to 64 channels; this one keeps its shape below 200 kB."""
    from stable_baselines3.common.torch_layers import BaseFeaturesExtractor

    class SmallCnn(BaseFeaturesExtractor):
        def __init__(self, observation_space, features_dim=16):
            super().__init__(observation_space, features_dim)
            self.cnn = torch.nn.Sequential(
                torch.nn.Conv2d(2, 4, 8, stride=4),
                torch.nn.ReLU(),
                torch.nn.Conv2d(4, 8, 4, stride=2),
                torch.nn.ReLU(),
                torch.nn.Flatten(),
            )
            self.linear = torch.nn.Sequential(torch.nn.Linear(72, features_dim), torch.nn.ReLU())

        def forward(self, observations):
            return self.linear(self.cnn(observations))

    return SmallCnn


def widen(policy):
    """Weights at which an untrained policy does not take one action everywhere."""
    for parameter in policy.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    return policy


def sb3_nets():
    """name → (module, shape, rows); bytes stay bytes."""
    rng = np.random.default_rng(7)
    states = rng.normal(scale=3, size=(ROWS, 4)).astype(np.float32)
    frames = rng.integers(0, 256, size=(ROWS, 2, 36, 36), dtype=np.uint8)
    mlp = DQN('MlpPolicy', 'CartPole-v1', policy_kwargs=SMALL, seed=1, buffer_size=10)
    widen(mlp.policy)
    cnn = DQN(
        'CnnPolicy',
        ByteFrames(),
        policy_kwargs={'features_extractor_class': small_cnn(), 'net_arch': []},
        seed=2,
        buffer_size=10,
    )
    relu = {**SMALL, 'activation_fn': torch.nn.ReLU}
    actor = PPO('MlpPolicy', 'CartPole-v1', policy_kwargs=relu, seed=3, device='cpu').policy
    # By default its activations are Tanh, and the whole policy draws its action at random.
    ppo = PPO('MlpPolicy', 'CartPole-v1', policy_kwargs=SMALL, seed=4, device='cpu').policy
    return {
        'sb3-mlp-q': (mlp.q_net, states),
        'sb3-mlp-policy': (mlp.policy, states),
        'sb3-cnn-q': (cnn.q_net, frames),
        'sb3-ppo-actor': (ActorOnly(actor), states),
        'sb3-ppo-tanh-actor': (ActorOnly(ppo), states),
        'sb3-ppo-policy': (ppo, states),
    }


def write_sb3_exports(folder):
    source = f'stable-baselines3 {stable_baselines3.__version__}, torchscript'
    return [
        write_sb3_export(folder, name, module.to('cpu').eval(), rows, source)
        for name, (module, rows) in sb3_nets().items()
    ]


def write_sb3_export(folder, name, module, rows, source):
    example = torch.from_numpy(rows[:2])
    model = export(module, example, False, 'observation', 'output')
    with torch.no_grad():
        output = module(torch.from_numpy(rows))
    # Actions, values, log probabilities: what the first two are is drawn at random.
    first = output[0] if isinstance(output, tuple) else output
    return write_export(folder, name, model, rows, first.numpy(), source)
