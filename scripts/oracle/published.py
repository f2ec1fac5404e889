"""Compares these oracles with golden files of the published code, which spiq does not ship."""

import json
from pathlib import Path

import numpy as np

from .encode import equidistant_dsqn
from .normalise import METHODS, normalise
from .options import Net, Options
from .simulate import simulate

SIMULATION_TOLERANCE = 1e-9
# The recorded conversions were computed in float32.
CONVERSION_TOLERANCE = 2e-6


def check_published(folder):
    folder = Path(folder)
    check_encoder(folder / 'sqn' / 'encoder_equidistant.npz')
    for listing in sorted((folder / 'sqn').glob('*.json')):
        if not listing.name.startswith('trace_'):
            check_simulations(listing)
    for golden in sorted((folder / 'convert').glob('*.npz')):
        check_conversion(folder, golden)


def check_encoder(path):
    golden = np.load(path)
    spikes = equidistant_dsqn(golden['x'][None], len(golden['spikes']))[:, 0]
    assert np.array_equal(spikes, golden['spikes']), path
    print(f'{path.name}: identical')


def check_simulations(listing):
    golden = np.load(listing.with_suffix('.npz'))
    depth = sum(name.startswith('w') and name[1:].isdigit() for name in golden.files)
    net = Net(
        tuple(golden[f'w{l}'] for l in range(depth)),
        tuple(golden[f'b{l}'] if f'b{l}' in golden.files else None for l in range(depth)),
    )
    cases = json.loads(listing.read_text(encoding='utf-8'))['cases']
    deviations = []
    for case in cases:
        if f'{case["key"]}.out_f64' not in golden.files:
            continue
        deviations.append(case_deviation(golden, net, case))
    # Written so that NaN, which compares false with everything, fails.
    assert all(deviation <= SIMULATION_TOLERANCE for deviation in deviations), (listing, deviations)
    print(
        f'{listing.stem}: {len(deviations)} of {len(cases)} cases,'
        f' largest deviation {max(deviations):.1e}'
    )
    if 'first_spike_T100.out' in golden.files:
        check_first_spike(golden, net)


def check_first_spike(golden, net):
    options = Options(semantics='dsqn', T=100, decoding='first_spike')
    result = simulate(net, golden['obs'], options)
    silent = np.isnan(result.out).any(axis=1)
    assert np.array_equal(silent, golden['first_spike_T100.raised'])
    assert np.array_equal(result.out[~silent], golden['first_spike_T100.out'][~silent])
    assert np.array_equal(result.steps[~silent], golden['first_spike_T100.steps'][~silent])
    print(f'  first_spike: {len(silent)} rows identical, {silent.sum()} without a spike')


def case_deviation(golden, net, case):
    key = case['key']
    options = Options(
        semantics='dsqn',
        T=case['T'],
        encoding=case['encoding'],
        decoding=case['decoding'],
        reset=case['reset'],
        alpha=case['alpha'],
        beta=case['beta'],
        threshold=case['threshold'],
        two_input_neurons=case['two_input_neurons'],
        bias_as_observation=case['add_bias_as_observation'],
    )
    given = None
    if case['encoding'] == 'poisson':
        # Poisson input is random, so what was really fed takes its place, already split.
        net = Net((doubled(net.weights[0], options), *net.weights[1:]), net.biases)
        options = Options(**{**vars(options), 'encoding': 'spikes', 'two_input_neurons': False})
        given = golden[f'{key.rsplit("_T", 1)[0]}.input_spikes'][: case['T']]
    result = simulate(net, golden['obs'], options, given)
    return float(np.abs(result.out - golden[f'{key}.out_f64']).max())


def doubled(weight, options):
    return np.concatenate([weight, -weight]) if options.two_input_neurons else weight


def check_conversion(folder, path):
    golden = np.load(path)
    net = np.load(folder / 'nets' / path.name)
    replay = 'mountaincar_b_dqn' if path.stem.startswith('mountaincar') else 'cartpole_a_dqn'
    calibration = np.load(folder / 'replay' / replay / 'memory_inputs.npz')['arr_0']
    depth = sum(name.startswith('w') for name in net.files)
    weights = [net[f'w{l}'] for l in range(depth)]
    biases = [net[f'b{l}'] for l in range(depth)]
    deviations = []
    for method in METHODS:
        ours = normalise(weights, biases, method, calibration)[0]
        for l, weight in enumerate(ours):
            theirs = golden[f'{method}.w{l}']
            deviations.append(float(np.abs(weight - theirs).max() / np.abs(theirs).max()))
    assert all(deviation <= CONVERSION_TOLERANCE for deviation in deviations), (path, deviations)
    print(
        f'convert {path.stem}: {len(METHODS)} methods,'
        f' largest relative deviation {max(deviations):.1e}'
    )
