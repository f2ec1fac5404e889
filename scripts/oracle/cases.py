"""The simulations every network is put through: lists of Options."""

from itertools import product

from .options import Options

STEP_COUNTS = (1, 2, 3, 20, 100, 257)

# These also record every state of every step.
TRACED = {
    ('dsqn', 'bias-5-12-10-3'): [
        dict(T=20, alpha=0.5, beta=0.9, decoding='spikes'),
        dict(T=20, encoding='equidistant', reset='zero', threshold=0.7),
    ],
    ('direct', 'bias-5-12-10-3'): [
        dict(T=20, alpha=0.5, beta=0.9, ternary=True, burst=2, decoding='spikes'),
        dict(T=20, reset='value', reset_value=0.125, refractory=2, encoding='equidistant'),
    ],
}

LEAKY = dict(alpha=0.5, beta=0.9)


def dsqn_cases(net_name):
    cases = [dict(T=T, reset=reset) for T, reset in product(STEP_COUNTS, ('subtraction', 'zero'))]
    cases += [
        dict(T=100, encoding=encoding, decoding=decoding, reset=reset)
        for encoding, decoding, reset in product(
            ('equidistant', 'spikes'),
            ('potential', 'spikes', 'first_spike'),
            ('subtraction', 'zero'),
        )
    ]
    cases += [dict(T=T, encoding=e) for T, e in product((3, 20, 257), ('equidistant', 'spikes'))]
    cases += [dict(T=T, decoding=d) for T, d in product((1, 3, 20, 257), ('spikes', 'first_spike'))]
    cases += [
        dict(T=20, **LEAKY),
        dict(T=100, reset='zero', decoding='spikes', **LEAKY),
        dict(T=100, alpha=0.25, beta=0.75, threshold=0.5),
        dict(T=20, threshold=2.0),
        dict(T=100, threshold=0.5, decoding='spikes'),
        dict(T=100, threshold=1.5, reset='zero', decoding='first_spike'),
    ]
    if net_name.startswith('bias-row'):
        # Given spikes have a train for every row of the first matrix: nothing is appended to them.
        cases = [dict(c, bias_as_observation=c.get('encoding') != 'spikes') for c in cases]
    if net_name.startswith(('bias-row', 'plain')):
        cases += [
            dict(case, two_input_neurons=True)
            for case in cases
            if case['T'] in (20, 100) and case.get('encoding') != 'spikes'
        ]
    return as_options('dsqn', cases)


def direct_cases(net_name):
    cases = [dict(T=T) for T in STEP_COUNTS]
    cases += [
        dict(T=T, encoding=encoding)
        for T, encoding in product((1, 3, 20, 257), ('equidistant', 'latency', 'spikes'))
    ]
    cases += [
        dict(T=T, decoding=decoding)
        for T, decoding in product(
            (1, 3, 20, 100), ('mean_potential', 'max_potential', 'spikes', 'first_spike')
        )
    ]
    cases += [
        dict(T=100, encoding=encoding, decoding=decoding)
        for encoding, decoding in product(
            ('equidistant', 'latency', 'spikes'), ('potential', 'spikes', 'first_spike')
        )
    ]
    resets = (
        dict(reset='subtraction'),
        dict(reset='zero'),
        dict(reset='value', reset_value=-0.25),
    )
    features = (
        dict(LEAKY),
        dict(refractory=1),
        dict(refractory=3, decoding='spikes', **LEAKY),
        dict(burst=2, threshold=0.5),
        dict(burst=4, threshold=0.25, decoding='spikes'),
        dict(burst=3, threshold=0.4, refractory=2, encoding='equidistant', decoding='spikes'),
    )
    cases += [dict(T=100, **reset) for reset in resets[1:]]
    cases += [dict(T=20, **reset, **feature) for reset, feature in product(resets, features)]
    ternary = (
        dict(),
        dict(decoding='spikes'),
        dict(decoding='first_spike', threshold=0.75),
        dict(refractory=2, **LEAKY),
        dict(burst=3, threshold=0.4),
        dict(burst=2, refractory=1, threshold=0.6, decoding='spikes', encoding='equidistant'),
    )
    cases += [dict(T=T, ternary=True, **kind) for T, kind in product((20, 100), ternary)]
    cases += [
        dict(T=100, threshold=0.5),
        dict(T=100, threshold=2.0, reset='zero', decoding='spikes'),
        dict(T=257, alpha=0.25, beta=0.75, reset='value', reset_value=0.5, decoding='spikes'),
        dict(T=20, epsilon=0.0),
    ]
    return as_options('direct', cases)


def traced_cases(semantics, net_name):
    return as_options(semantics, TRACED.get((semantics, net_name), []))


def as_options(semantics, cases):
    """In the order given, each once."""
    epsilon = {'epsilon': 0.0} if semantics == 'dsqn' else {}
    return list(dict.fromkeys(Options(semantics, **{**epsilon, **case}) for case in cases))
