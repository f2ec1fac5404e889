"""How the cases of training.* move weights: torch's optimisers, and two that torch does not have."""

import torch


def case(kind, clip=None, **numbers):
    numbers.setdefault('learningRate', 0.01)
    return {'optimiser': {'kind': kind, **numbers}, 'clip': clip or {}}


LINEAR = {'kind': 'linear', 'from': 0.1, 'to': 0.02, 'steps': 8}
COSINE = {'kind': 'cosine', 'from': 0.1, 'to': 0.02, 'steps': 10}
EXPONENTIAL = {'kind': 'exponential', 'from': 0.1, 'decay': 0.8}
STEPS = {'kind': 'steps', 'from': 0.1, 'decay': 0.5, 'steps': 3}

CASES = (
    case('sgd', learningRate=0.1),
    case('sgd', learningRate=0.05, momentum=0.9, weightDecay=0.01),
    case('sgd', learningRate=0.05, momentum=0.9, nesterov=True, clip={'norm': 0.5}),
    case('rmsprop', decay=0.95, epsilon=1e-3, clip={'value': 0.05}),
    case('rmsprop', decay=0.9, centred=True, momentum=0.8, weightDecay=0.02),
    case('rmsprop-nature', decay=0.9, momentum=0.9, epsilon=0.01),
    case('rmsprop-neon', decay=0.95, epsilon=1e-6),
    case('adam'),
    case('adam', learningRate=0.02, beta1=0.8, beta2=0.95, epsilon=1e-4, clip={'norm': 0.1}),
    case('adamw', learningRate=0.02, weightDecay=0.1),
    case('sgd', learningRate=LINEAR),
    case('sgd', learningRate=COSINE),
    case('sgd', learningRate=EXPONENTIAL),
    case('sgd', learningRate=STEPS),
)


class Nature(torch.optim.Optimizer):
    """Mnih et al., Nature 518, 2015, and its published code."""

    def __init__(self, parameters, **numbers):
        super().__init__(parameters, numbers)

    def step(self):
        (group,) = self.param_groups
        for parameter in group['params']:
            g, state = parameter.grad, self.state[parameter]
            zero = torch.zeros_like(g)
            state['mean'] = (
                group['momentum'] * state.get('mean', zero) + (1 - group['momentum']) * g
            )
            state['square'] = (
                group['decay'] * state.get('square', zero) + (1 - group['decay']) * g**2
            )
            spread = torch.sqrt(state['square'] - state['mean'] ** 2 + group['epsilon'])
            parameter -= group['lr'] * g / spread


class Neon(torch.optim.Optimizer):
    """neon/optimizers: epsilon within the root and behind it."""

    def __init__(self, parameters, **numbers):
        super().__init__(parameters, numbers)

    def step(self):
        (group,) = self.param_groups
        for parameter in group['params']:
            g, state = parameter.grad, self.state[parameter]
            before = state.get('square', torch.zeros_like(g))
            state['square'] = group['decay'] * before + (1 - group['decay']) * g**2
            epsilon = group['epsilon']
            parameter -= group['lr'] * g / (torch.sqrt(state['square'] + epsilon) + epsilon)


TORCH_NAMES = {
    'momentum': 'momentum',
    'nesterov': 'nesterov',
    'weightDecay': 'weight_decay',
    'decay': 'alpha',
    'epsilon': 'eps',
    'centred': 'centered',
}


class Rule:
    """One case's optimiser with its schedule and its limits."""

    def __init__(self, optimiser, limits, parameters):
        numbers = dict(optimiser)
        kind, rate = numbers.pop('kind'), numbers.pop('learningRate')
        begin = rate if isinstance(rate, float) else rate['from']
        self.parameters = parameters
        self.limits = limits
        self.optimiser = make(kind, begin, numbers, parameters)
        self.schedule = None if isinstance(rate, float) else schedule(rate, self.optimiser)

    def step(self):
        if 'value' in self.limits:
            torch.nn.utils.clip_grad_value_(self.parameters, self.limits['value'])
        if 'norm' in self.limits:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.limits['norm'])
        with torch.no_grad():
            self.optimiser.step()
        if self.schedule is not None:
            self.schedule.step()


def make(kind, rate, numbers, parameters):
    if kind == 'rmsprop-nature':
        return Nature(parameters, lr=rate, **numbers)
    if kind == 'rmsprop-neon':
        return Neon(parameters, lr=rate, **numbers)
    betas = {}
    if 'beta1' in numbers:
        betas = {'betas': (numbers.pop('beta1'), numbers.pop('beta2'))}
    named = {TORCH_NAMES[name]: value for name, value in numbers.items()}
    maker = {
        'sgd': torch.optim.SGD,
        'rmsprop': torch.optim.RMSprop,
        'adam': torch.optim.Adam,
        'adamw': torch.optim.AdamW,
    }[kind]
    return maker(parameters, lr=rate, **named, **betas)


def schedule(rate, optimiser):
    schedulers = torch.optim.lr_scheduler
    match rate['kind']:
        case 'linear':
            return schedulers.LinearLR(optimiser, 1.0, rate['to'] / rate['from'], rate['steps'])
        case 'cosine':
            return schedulers.CosineAnnealingLR(optimiser, rate['steps'], rate['to'])
        case 'exponential':
            return schedulers.ExponentialLR(optimiser, rate['decay'])
        case 'steps':
            return schedulers.StepLR(optimiser, rate['steps'], rate['decay'])
    raise ValueError(rate['kind'])
