"""Trains the example network and writes models/: the network, its recipe and calibration rows."""

import platform
from dataclasses import asdict

import gymnasium
import numpy as np
import onnx
import torch
from onnx.reference import ReferenceEvaluator

from .archive import announce, write_json, write_npz
from .dqn import ENVIRONMENT, OBSERVATION_SIZE, Hyperparameters, layers_of, q_network, train
from .nets import converted
from .normalise import normalise
from .onnx_files import export
from .options import Options
from .play import observations_met, returns
from .simulate import simulate

NAME = 'cartpole-dqn'
CANDIDATES = (Hyperparameters(seed=1),)
GOAL = 475
EPISODES = 100
# Checkpoints are chosen on the first seeds, what is reported was played on others.
CHOICE_SEED, REPORT_SEED = 5000, 20000
# A short look first, since most checkpoints fail it.
GLANCE_EPISODES, GLANCE_SEED = 20, 1000
CALIBRATION_ROWS, CALIBRATION_SEED, EXPLORATION = 2000, 7, 0.1
SPIKING = Options('direct', T=100)


def write_network(root):
    chosen = max(all_candidates(), key=lambda found: found['agreement'], default=None)
    assert chosen is not None, f'no checkpoint returns {GOAL}; this machine needs another seed'
    float_returns = returns(
        float_values(chosen['weights'], chosen['biases']), EPISODES, REPORT_SEED
    )
    assert float_returns.mean() >= GOAL, f'only {float_returns.mean()} on new episodes'
    spiking_returns = returns(spiking_values(chosen), EPISODES, REPORT_SEED)
    folder = root / 'models'
    write_npz(folder / f'{NAME}.calibration.npz', {'arr_0': chosen['calibration']})
    write_onnx(folder / f'{NAME}.onnx', chosen)
    write_json(folder / f'{NAME}.json', recipe(chosen, float_returns, spiking_returns))
    print(
        f'agreement {chosen["agreement"]:.3f}, return on new episodes: float'
        f' {float_returns.mean():.1f}, spiking {spiking_returns.mean():.1f}'
    )


def all_candidates():
    found = []
    for parameters in CANDIDATES:
        train(
            parameters,
            lambda step, policy, parameters=parameters: found.extend(
                judge(parameters, step, policy)
            ),
        )
    return found


def judge(parameters, step, policy):
    """The checkpoint and how well its conversion agrees with it, if it plays well enough."""
    weights, biases = layers_of(policy)
    values = float_values(weights, biases)
    if returns(values, GLANCE_EPISODES, GLANCE_SEED).mean() < GOAL:
        return []
    reached = returns(values, EPISODES, CHOICE_SEED)
    if reached.mean() < GOAL:
        return []
    calibration = observations_met(values, CALIBRATION_ROWS, CALIBRATION_SEED, EXPLORATION)
    found = {
        'parameters': parameters,
        'step': step,
        'weights': weights,
        'biases': biases,
        'calibration': calibration,
    }
    same = spiking_values(found)(calibration).argmax(axis=1) == values(calibration).argmax(axis=1)
    print(f'seed {parameters.seed}, step {step}: {reached.mean():.1f}, agreement {same.mean():.3f}')
    return [{**found, 'agreement': float(same.mean())}]


def float_values(weights, biases):
    def values(observations):
        x = observations.astype(np.float64)
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            x = np.maximum(x @ weight.T + bias, 0)
        return x @ weights[-1].T + biases[-1]

    return values


def spiking_values(found):
    net = converted(found['weights'], found['biases'], found['calibration'])
    return lambda observations: simulate(net, observations, SPIKING).out


def write_onnx(path, found):
    network = q_network()
    with torch.no_grad():
        for layer, weight, bias in zip(
            network[::2], found['weights'], found['biases'], strict=True
        ):
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
    model = export(network, (4,), dynamo=True)
    onnx.checker.check_model(model)
    rows = found['calibration'][:64]
    q_values = ReferenceEvaluator(model).run(['q_values'], {'observation': rows})[0]
    expected = float_values(found['weights'], found['biases'])(rows)
    deviation = np.abs(q_values - expected).max() / np.abs(expected).max()
    assert deviation <= 1e-5, f'the exported network deviates by {deviation}'
    path.write_bytes(model.SerializeToString(deterministic=True))
    announce(path)


def recipe(found, float_returns, spiking_returns):
    q_values = float_values(found['weights'], found['biases'])(found['calibration'])
    scale = normalise(found['weights'], found['biases'], 'robust_p99', found['calibration'])[2]
    return {
        'command': 'python scripts/make_fixtures.py network',
        'environment': ENVIRONMENT,
        'versions': {
            'python': platform.python_version(),
            'torch': torch.__version__,
            'gymnasium': gymnasium.__version__,
            'onnx': onnx.__version__,
            'numpy': np.__version__,
        },
        'algorithm': 'double DQN with the advantage-learning operator, Adam, smooth L1 loss',
        'architecture': [4, 16, 16, 2],
        'hyperparameters': asdict(found['parameters']),
        'observation_size': [float(size) for size in OBSERVATION_SIZE],
        'checkpoint_step': found['step'],
        'candidate_seeds': [candidate.seed for candidate in CANDIDATES],
        'selection': (
            f'of all checkpoints with a mean greedy return of at least {GOAL}, the one whose '
            'converted network (robust 0.99, direct semantics, T=100) most often picks its action'
        ),
        'evaluation': {
            'episodes': EPISODES,
            'first_seed': REPORT_SEED,
            'mean_return': float(float_returns.mean()),
            'lowest_return': float(float_returns.min()),
        },
        'calibration': {
            'rows': CALIBRATION_ROWS,
            'seed': CALIBRATION_SEED,
            'exploration': EXPLORATION,
            'median_gap_between_actions': float(np.median(np.abs(np.diff(q_values, axis=1)))),
            'q_value_range': [float(q_values.min()), float(q_values.max())],
        },
        'converted': {
            'method': 'robust',
            'percentile': 0.99,
            'semantics': SPIKING.semantics,
            'T': SPIKING.T,
            'scale': [float(s) for s in scale],
            'agreement_on_calibration': found['agreement'],
            'mean_return': float(spiking_returns.mean()),
            'lowest_return': float(spiking_returns.min()),
        },
    }
