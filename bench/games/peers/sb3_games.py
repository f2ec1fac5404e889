"""Stable-Baselines3's DQN with its CnnPolicy on Breakout behind its AtariWrapper, as `learn` runs it."""

from types import SimpleNamespace

import ale_py
import gymnasium
import stable_baselines3
import torch
from sb3_agent import Loop, settings
from stable_baselines3 import DQN
from stable_baselines3.common.env_util import make_atari_env
from stable_baselines3.common.vec_env import VecFrameStack

VERSION = stable_baselines3.__version__
FRAMES = 4

gymnasium.register_envs(ale_py)


def make(trial):
    torch.set_num_threads(trial.threads)
    setting = SimpleNamespace(**trial.setting)
    begun = setting.learning_starts + setting.train_freq
    return Loop(lambda: make_agent(setting), begun, trial.countedSteps, setting.train_freq)


def make_agent(setting):
    options = {'frameskip': 1, 'repeat_action_probability': 0.0}
    games = make_atari_env('ALE/Breakout-v5', n_envs=1, seed=0, env_kwargs=options)
    return DQN('CnnPolicy', VecFrameStack(games, FRAMES), **settings(setting))
