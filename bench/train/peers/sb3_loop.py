"""Stable-Baselines3's DQN on Gymnasium's CartPole, as `learn` runs it."""

import json
import time
from pathlib import Path
from types import SimpleNamespace

import gymnasium
import stable_baselines3
import torch
from stable_baselines3 import DQN

VERSION = stable_baselines3.__version__
COUNTED_STEPS = 2048


def make(path):
    return Loop(SimpleNamespace(**json.loads(Path(path).read_text())))


class Loop:
    """One agent that goes on from sample to sample; a call is a step of the environment."""

    def __init__(self, setting):
        torch.set_num_threads(setting.threads)
        self.setting = setting
        self.agent = make_agent(setting)
        self.agent.learn(setting.learning_starts + setting.train_freq)

    def check(self):
        agent = make_agent(self.setting)
        agent.learn(COUNTED_STEPS)
        weights = sum(parameter.numel() for parameter in agent.q_net.parameters())
        return [agent.num_timesteps, agent._n_updates, weights]

    def warm(self, seconds):
        begin = time.perf_counter()
        steps = self.agent.num_timesteps
        while time.perf_counter() - begin < seconds:
            self.learn(self.setting.train_freq)
        return (time.perf_counter() - begin) / (self.agent.num_timesteps - steps)

    def time(self, calls):
        begin = time.perf_counter()
        steps = self.agent.num_timesteps
        self.learn(int(calls))
        return (time.perf_counter() - begin) / (self.agent.num_timesteps - steps)

    def learn(self, steps):
        self.agent.learn(steps, reset_num_timesteps=False)


def make_agent(setting):
    return DQN(
        'MlpPolicy',
        gymnasium.make('CartPole-v1'),
        learning_rate=setting.learning_rate,
        batch_size=setting.batch_size,
        buffer_size=setting.buffer_size,
        learning_starts=setting.learning_starts,
        gamma=setting.gamma,
        target_update_interval=setting.target_update_interval,
        train_freq=setting.train_freq,
        gradient_steps=setting.gradient_steps,
        exploration_initial_eps=setting.exploration,
        exploration_final_eps=setting.exploration,
        policy_kwargs={'net_arch': list(setting.net_arch)},
        seed=0,
        device='cpu',
    )
