"""Stable-Baselines3's DQN on Gymnasium's CartPole, as `learn` runs it."""

import json
from pathlib import Path
from types import SimpleNamespace

import gymnasium
import stable_baselines3
import torch
from sb3_agent import Loop, settings
from stable_baselines3 import DQN

VERSION = stable_baselines3.__version__
COUNTED_STEPS = 2048


def make(path):
    setting = SimpleNamespace(**json.loads(Path(path).read_text()))
    torch.set_num_threads(setting.threads)
    begun = setting.learning_starts + setting.train_freq
    return Loop(lambda: make_agent(setting), begun, COUNTED_STEPS, setting.train_freq)


def make_agent(setting):
    return DQN(
        'MlpPolicy',
        gymnasium.make('CartPole-v1'),
        policy_kwargs={'net_arch': list(setting.net_arch)},
        **settings(setting),
    )
