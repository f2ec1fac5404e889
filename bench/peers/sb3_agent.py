"""An agent of Stable-Baselines3 as a contender: it goes on from sample to sample, and a call is a step of the environment."""

import time


class Loop:
    """`make()` gives an agent; `begun` steps are behind it before it is timed, `counted` are checked."""

    def __init__(self, make, begun, counted, train_freq):
        self.make = make
        self.counted = counted
        self.train_freq = train_freq
        self.agent = make()
        self.agent.learn(begun)

    def check(self):
        agent = self.make()
        agent.learn(self.counted)
        weights = sum(parameter.numel() for parameter in agent.q_net.parameters())
        return [agent.num_timesteps, agent._n_updates, weights]

    def warm(self, seconds):
        begin = time.perf_counter()
        steps = self.agent.num_timesteps
        while time.perf_counter() - begin < seconds:
            self.learn(self.train_freq)
        return (time.perf_counter() - begin) / (self.agent.num_timesteps - steps)

    def time(self, calls):
        begin = time.perf_counter()
        steps = self.agent.num_timesteps
        self.learn(int(calls))
        return (time.perf_counter() - begin) / (self.agent.num_timesteps - steps)

    def learn(self, steps):
        self.agent.learn(steps, reset_num_timesteps=False)


def settings(setting):
    """What `DQN` takes of a trial's setting, the same for every policy."""
    return {
        'learning_rate': setting.learning_rate,
        'batch_size': setting.batch_size,
        'buffer_size': setting.buffer_size,
        'learning_starts': setting.learning_starts,
        'gamma': setting.gamma,
        'target_update_interval': setting.target_update_interval,
        'train_freq': setting.train_freq,
        'gradient_steps': setting.gradient_steps,
        'exploration_initial_eps': setting.exploration,
        'exploration_final_eps': setting.exploration,
        'seed': 0,
        'device': 'cpu',
    }
