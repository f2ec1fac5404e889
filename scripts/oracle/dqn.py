"""Double DQN on CartPole-v1, small enough for one CPU core."""

from dataclasses import dataclass

import gymnasium
import numpy as np
import torch

ENVIRONMENT = 'CartPole-v1'


# Typical sizes of the four observations; training divides by them, the exported first layer absorbs
# them.
OBSERVATION_SIZE = np.array([1.0, 1.0, 0.25, 1.0], np.float32)


@dataclass(frozen=True)
class Hyperparameters:
    seed: int
    gamma: float = 0.98
    learning_rate: float = 2e-3
    steps: int = 30000
    warm_up: int = 1000
    memory: int = 30000
    batch: int = 128
    update_every: int = 1
    target_share: float = 0.005
    epsilon_end: float = 0.05
    epsilon_steps: int = 8000
    evaluate_every: int = 1000
    # Keeps values near 0, not near 1/(1 - gamma), so that a scale is not spent on what all share.
    failure_reward: float = -1.0
    step_reward: float = 0.0
    # Advantage learning (Baird 1995; Bellemare et al. 2016): widens the gap by 1/(1 - share).
    gap_share: float = 0.9


def make_environment():
    return gymnasium.make(ENVIRONMENT, disable_env_checker=True)


def q_network(hidden=16):
    return torch.nn.Sequential(
        torch.nn.Linear(4, hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(hidden, 2),
    )


def train(parameters, on_checkpoint):
    """Calls `on_checkpoint(step, network)` every `evaluate_every` environment steps."""
    torch.set_num_threads(1)
    torch.manual_seed(parameters.seed)
    rng = np.random.default_rng(parameters.seed)
    environment = make_environment()
    policy, target = q_network(), q_network()
    target.load_state_dict(policy.state_dict())
    optimiser = torch.optim.Adam(policy.parameters(), lr=parameters.learning_rate)
    memory = Memory(parameters.memory)
    state = environment.reset(seed=parameters.seed)[0] / OBSERVATION_SIZE
    for step in range(1, parameters.steps + 1):
        left = 1 - step / (parameters.steps + 1)
        optimiser.param_groups[0]['lr'] = parameters.learning_rate * left
        share = min(1.0, step / parameters.epsilon_steps)
        epsilon = 1.0 + share * (parameters.epsilon_end - 1.0)
        action = int(rng.integers(2)) if rng.random() < epsilon else greedy(policy, state)
        following, _, terminated, truncated, _ = environment.step(action)
        following = following / OBSERVATION_SIZE
        reward = parameters.failure_reward if terminated else parameters.step_reward
        memory.push(state, action, reward, following, terminated)
        if terminated or truncated:
            following = environment.reset()[0] / OBSERVATION_SIZE
        state = following
        if step >= parameters.warm_up and step % parameters.update_every == 0:
            update(policy, target, optimiser, memory.sample(rng, parameters.batch), parameters)
        if step >= parameters.epsilon_steps and step % parameters.evaluate_every == 0:
            on_checkpoint(step, policy)
    environment.close()


class Memory:
    def __init__(self, capacity):
        self.states = np.zeros((capacity, 4), np.float32)
        self.following = np.zeros((capacity, 4), np.float32)
        self.actions = np.zeros(capacity, np.int64)
        self.rewards = np.zeros(capacity, np.float32)
        self.terminal = np.zeros(capacity, np.float32)
        self.pushed = 0

    def push(self, state, action, reward, following, terminal):
        slot = self.pushed % len(self.actions)
        self.states[slot], self.following[slot] = state, following
        self.actions[slot], self.rewards[slot], self.terminal[slot] = action, reward, terminal
        self.pushed += 1

    def sample(self, rng, count):
        chosen = rng.integers(min(self.pushed, len(self.actions)), size=count)
        fields = (self.states, self.actions, self.rewards, self.following, self.terminal)
        return [torch.from_numpy(field[chosen]) for field in fields]


def update(policy, target, optimiser, batch, parameters):
    states, actions, rewards, following, terminal = batch
    with torch.no_grad():
        best = policy(following).argmax(dim=1, keepdim=True)
        value = target(following).gather(1, best).squeeze(1)
        here = target(states)
        lag = here.max(dim=1).values - here.gather(1, actions[:, None]).squeeze(1)
        goal = rewards + parameters.gamma * value * (1 - terminal) - parameters.gap_share * lag
    predicted = policy(states).gather(1, actions[:, None]).squeeze(1)
    loss = torch.nn.functional.smooth_l1_loss(predicted, goal)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    with torch.no_grad():
        for slow, fast in zip(target.parameters(), policy.parameters(), strict=True):
            slow.lerp_(fast, parameters.target_share)


def greedy(policy, state):
    with torch.no_grad():
        return int(policy(torch.from_numpy(state)).argmax())


def layers_of(network):
    """Weights [out, in] and biases, float32, for observations as the environment gives them."""
    linear = [module for module in network if isinstance(module, torch.nn.Linear)]
    weights = [layer.weight.detach().numpy().copy() for layer in linear]
    weights[0] /= OBSERVATION_SIZE
    return weights, [layer.bias.detach().numpy().copy() for layer in linear]
