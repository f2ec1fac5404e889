"""Writes test/oracle/simulate.<net>.npz and their listing, simulate.json."""

from dataclasses import asdict, fields

import numpy as np

from .archive import write_json, write_npz
from .cases import direct_cases, dsqn_cases, traced_cases
from .nets import ROWS, example_case, random_cases
from .options import Options
from .simulate import simulate
from .torch_check import check_with_torch

# Share of the cases in which every hidden layer must fire, else the weights test nothing.
LIVELY_SHARE = 0.8
# In fewer steps than this a spike may not get through a deep net.
LIVELY_STEPS = 20
# A float32 engine cannot be held to a spike decided by less than this.
SAFE_MARGIN = 1e-5

SHORT = {'subtraction': 'sub', 'two_input_neurons': 'two', 'bias_as_observation': 'biasobs'}


def write_simulations(root):
    oracle = root / 'test' / 'oracle'
    listing, lively, safe = [], [], []
    for name, (net, observations) in all_nets(root / 'models').items():
        arrays = net_arrays(net, observations)
        traced = traced_cases('dsqn', name) + traced_cases('direct', name)
        plan = [(options, True) for options in traced]
        # A net whose first matrix has the extra row has no meaning without the constant 1.
        direct = [] if name.startswith('bias-row') else direct_cases(name)
        plan += [(options, False) for options in dsqn_cases(name) + direct]
        for number, (options, with_trace) in enumerate(plan):
            given = given_spikes(net, options, number)
            result = simulate(net, observations, options, given, with_trace)
            key = case_key(options)
            if with_trace:
                check_with_torch(net, observations, options, result)
                key = f'trace_{key}'
            arrays.update(case_arrays(key, given, result))
            listing.append({'key': key, 'net': name, **asdict(options), 'trace': with_trace})
            safe.append(result.margin >= SAFE_MARGIN)
            if net.depth > 1 and options.T >= LIVELY_STEPS:
                lively.append(all(count.any() for count in result.counts[: net.depth - 1]))
        write_npz(oracle / f'simulate.{name}.npz', arrays)
    assert np.mean(lively) >= LIVELY_SHARE, np.mean(lively)
    keys = [(case['net'], case['key']) for case in listing]
    assert len(set(keys)) == len(keys), 'two cases share a key'
    write_json(oracle / 'simulate.json', {'rows': ROWS, 'cases': listing})
    print(
        f'{len(listing)} cases; every hidden layer fires in {np.mean(lively):.1%} of those of'
        f' {LIVELY_STEPS} steps or more; {np.mean(safe):.2%} of rows keep a margin of'
        f' {SAFE_MARGIN:g}'
    )


def all_nets(models):
    return {**random_cases(), 'cartpole-dqn': example_case(models)}


def net_arrays(net, observations):
    arrays = {'obs': observations}
    for layer, (weight, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
        arrays[f'w{layer}'] = weight
        if bias is not None:
            arrays[f'b{layer}'] = bias
    return arrays


def given_spikes(net, options, seed):
    if options.encoding != 'spikes':
        return None
    rng = np.random.default_rng(seed)
    inputs = net.weights[0].shape[0]
    rates = rng.uniform(0.05, 0.9, (ROWS, inputs))
    return (rng.random((options.T, ROWS, inputs)) < rates).astype(np.uint8)


def case_arrays(key, given, result):
    arrays = {f'{key}.out': result.out}
    if given is not None:
        arrays[f'{key}.input_spikes'] = given
    if result.steps is not None:
        arrays[f'{key}.steps'] = result.steps
    for layer, count in enumerate(result.counts):
        arrays[f'{key}.counts{layer}'] = count
    arrays[f'{key}.margin'] = result.margin
    arrays.update({f'{key}.{name}': value for name, value in result.trace.items()})
    return arrays


def case_key(options):
    """The semantics, the three names, the step count, then whatever differs from its default."""
    reset = SHORT.get(options.reset, options.reset)
    parts = [options.semantics, options.encoding, options.decoding, reset]
    for option in fields(Options):
        value = getattr(options, option.name)
        named = option.name in ('semantics', 'encoding', 'decoding', 'reset', 'T')
        implied = option.name == 'epsilon' and options.semantics == 'dsqn'
        if named or implied or value == option.default:
            continue
        name = SHORT.get(option.name, option.name)
        parts.append(name if value is True else f'{name}{value:g}')
    return '_'.join([*parts, f'T{options.T}'])
