"""Loads NIR files in the libraries that read them, and writes such files from networks of theirs.

The request is a list of jobs, the answer a list of what came of each: the spikes [step][unit] of the last layer, and
the library's complaint where it refused.

run:    {"library", "file", "input", "steps"}: the file, read by the library's own importer, on a constant input.
export: {"library", "file", "layers", "input", "steps"}: a network of the library, run and exported to the file.
"""

import io
import json
import sys
import warnings
from contextlib import redirect_stdout

warnings.filterwarnings('ignore')

import nir  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402


class Snntorch:
    def load(self, file):
        from snntorch.import_nir import import_from_nir

        return import_from_nir(nir.read(file))

    def build(self, layers):
        import snntorch as snn

        modules = []
        for layer in layers:
            if layer['kind'] == 'recurrent':
                cell = snn.RLeaky(
                    beta=layer['beta'],
                    threshold=layer['threshold'],
                    reset_mechanism='zero',
                    reset_delay=False,
                    linear_features=layer['size'],
                    init_hidden=True,
                )
                cell.recurrent.weight.data = tensor(layer['weight'])
                cell.recurrent.bias.data = tensor(layer['bias'])
                modules.append(cell)
                continue
            modules.append(common(layer) or self.neuron(snn, layer))
        modules[-1].output = False
        return torch.nn.Sequential(*modules)

    def neuron(self, snn, layer):
        size = layer['size']
        options = dict(
            threshold=torch.full((size,), layer['threshold']),
            reset_mechanism='zero',
            reset_delay=False,
            init_hidden=True,
        )
        beta = torch.full((size,), layer['beta'])
        if layer['alpha'] == 0:
            return snn.Leaky(beta=beta, **options)
        return snn.Synaptic(alpha=torch.full((size,), layer['alpha']), beta=beta, **options)

    def export(self, network, example, file):
        from snntorch.export_nir import export_to_nir

        nir.write(file, export_to_nir(network, example, ignore_dims=[0]))


class Spikingjelly:
    def load(self, file):
        from spikingjelly.activation_based.nir_exchange import import_from_nir

        return import_from_nir(file)

    def build(self, layers):
        from spikingjelly.activation_based import neuron

        def cell(layer):
            options = dict(
                v_threshold=float(layer['threshold']), v_reset=float(layer['resetValue'])
            )
            if layer['alpha'] != 0:
                return neuron.CUBALIFNode(c_decay=layer['alpha'], v_decay=layer['beta'], **options)
            if layer['beta'] == 1:
                return neuron.IFNode(**options)
            decays = layer.get('decayInput', False)
            return neuron.LIFNode(tau=1 / (1 - layer['beta']), decay_input=decays, **options)

        return torch.nn.Sequential(*(common(layer) or cell(layer) for layer in layers))

    def export(self, network, example, file):
        from spikingjelly.activation_based import functional
        from spikingjelly.activation_based.nir_exchange import export_to_nir

        functional.reset_net(network)
        export_to_nir(network, example, save_path=file)


class Norse:
    def load(self, file):
        from norse.torch.utils.import_nir import from_nir

        return from_nir(nir.read(file))

    def build(self, layers):
        import norse.torch as norse
        from norse.torch.functional.iaf import IAFParameters
        from norse.torch.module.iaf import IAFCell

        def cell(layer):
            threshold = torch.full((layer['size'],), layer['threshold'])
            if layer['beta'] == 1:
                return IAFCell(IAFParameters(v_th=threshold))
            # Its step is 1 ms.
            rate = torch.full((layer['size'],), (1 - layer['beta']) / 0.001)
            leak = torch.zeros(layer['size'])
            return norse.LIFBoxCell(norse.LIFBoxParameters(rate, v_leak=leak, v_th=threshold))

        return norse.SequentialState(*(common(layer) or cell(layer) for layer in layers))

    def export(self, network, example, file):
        from norse.torch.utils.export_nir import to_nir

        nir.write(file, to_nir(network, example))


libraries = {'snntorch': Snntorch(), 'spikingjelly': Spikingjelly(), 'norse': Norse()}


def tensor(values):
    return torch.tensor(values, dtype=torch.float32)


def common(layer):
    """The layers that all libraries take from torch."""
    kind = layer['kind']
    if kind == 'linear':
        weight = tensor(layer['weight'])
        module = torch.nn.Linear(weight.shape[1], weight.shape[0], bias='bias' in layer)
        module.weight.data = weight
        if 'bias' in layer:
            module.bias.data = tensor(layer['bias'])
        return module
    if kind == 'conv':
        weight = tensor(layer['weight'])
        options = {name: layer[name] for name in ('stride', 'padding') if name in layer}
        module = torch.nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], **options)
        module.weight.data = weight
        module.bias.data = tensor(layer['bias'])
        return module
    if kind == 'average':
        return torch.nn.AvgPool2d(layer['kernel'])
    return torch.nn.Flatten() if kind == 'flatten' else None


def simulate(network, values, steps):
    """A batch of one; of what a library returns, the first is the value and the second its state, if it has any."""
    state = None
    spikes = []
    for _ in range(steps):
        result = network(values) if state is None else network(values, state)
        if isinstance(result, tuple):
            result, state = result
        spikes.append(result.detach().numpy().reshape(-1).astype(float).tolist())
    return spikes


def perform(job):
    library = libraries[job['library']]
    values = tensor(job['input'])
    if job.get('batch', True):
        values = values.unsqueeze(0)
    with torch.no_grad():
        if 'layers' not in job:
            return simulate(library.load(job['file']), values, job['steps'])
        spikes = simulate(library.build(job['layers']), values, job['steps'])
        library.export(library.build(job['layers']), values, job['file'])
        return spikes


def answer(job):
    try:
        return {'spikes': perform(job)}
    except Exception as error:  # The library's own words are the answer.
        return {'refused': f'{type(error).__name__}: {error}'}


torch.manual_seed(0)
np.random.seed(0)
with redirect_stdout(io.StringIO()):
    answers = [answer(job) for job in json.load(sys.stdin)]
print(json.dumps(answers))
