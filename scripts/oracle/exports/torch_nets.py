"""Networks in PyTorch, small enough that an export stays below 200 kB: name → (module, shape of one observation)."""

import torch
from torch import nn


class NatureDqn(nn.Module):
    """Mnih et al. 2015 with fewer channels and a frame of 36 × 36; bytes come in as floats and are divided here."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(2, 4, 8, stride=4),
            nn.ReLU(),
            nn.Conv2d(4, 8, 4, stride=2),
            nn.ReLU(),
            nn.Conv2d(8, 8, 3),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.head = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))

    def forward(self, frames):
        return self.head(self.features(frames / 255.0))


class ViewDqn(NatureDqn):
    """Flattens with x.view(x.size(0), -1), which the older exporter writes as a chain from Shape to Reshape."""

    def forward(self, frames):
        x = self.features[:-1](frames / 255.0)
        return self.head(x.view(x.size(0), -1))


class DuelingDqn(nn.Module):
    """Wang et al. 2016: value and advantages, the mean of the advantages taken off."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 24), nn.ReLU())
        self.value = nn.Sequential(nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 1))
        self.advantage = nn.Sequential(nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 5))

    def forward(self, observation):
        x = self.body(observation)
        advantage = self.advantage(x)
        return self.value(x) + advantage - advantage.mean(dim=1, keepdim=True)


def classifier():
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1, bias=False),
        nn.BatchNorm2d(6),
        nn.ReLU6(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 10, 3, padding=1),
        nn.BatchNorm2d(10),
        nn.LeakyReLU(0.1),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(10, 7),
        nn.Softmax(dim=1),
    )


def auto_encoder():
    return nn.Sequential(
        nn.Conv2d(2, 6, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1),
        nn.ReLU(),
        nn.Upsample(scale_factor=2, mode='nearest'),
        nn.Conv2d(4, 2, 3, padding=1),
    )


class ResidualBlock(nn.Module):
    """He et al. 2016; the first block of a stage halves the image and widens its shortcut."""

    def __init__(self, before, after, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(after)
        self.shortcut = nn.Identity()
        if stride != 1 or before != after:
            self.shortcut = nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)
            )

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + self.shortcut(x))


def residual():
    return nn.Sequential(
        nn.Conv2d(3, 6, 3, padding=1, bias=False),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        ResidualBlock(6, 6, 1),
        ResidualBlock(6, 8, 2),
        nn.AdaptiveAvgPool2d((1, 1)),
        nn.Flatten(),
        nn.Linear(8, 5),
    )


def fresh_residual():
    """Batch norms as initialised: their equal tensors are written once, and the others are Identity nodes."""
    net = residual()
    net.fresh = True
    return net


class InvertedResidual(nn.Module):
    """Sandler et al. 2018: 1 × 1 up, one filter for each channel, 1 × 1 down without activation."""

    def __init__(self, channels, expanded):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, expanded, 1, bias=False),
            nn.BatchNorm2d(expanded),
            nn.ReLU6(),
            nn.Conv2d(expanded, expanded, 3, padding=1, groups=expanded, bias=False),
            nn.BatchNorm2d(expanded),
            nn.ReLU6(),
            nn.Conv2d(expanded, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x):
        return x + self.layers(x)


class Mobile(nn.Module):
    """The head averages with x.mean over both dimensions of the image, as torchvision's mobilenet_v2 does."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 6, 3, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU6()
        )
        self.block = InvertedResidual(6, 18)
        self.head = nn.Linear(6, 4)

    def forward(self, x):
        return self.head(self.block(self.stem(x)).mean([2, 3]))


class Inception(nn.Module):
    """Branches joined by concatenation, one behind a max pool (Szegedy et al. 2015)."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 4, 1)
        self.b = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU(), nn.Conv2d(3, 5, 3, padding=1))
        self.c = nn.Sequential(nn.MaxPool2d(3, stride=1, padding=1), nn.Conv2d(3, 3, 1))
        self.pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.head = nn.Linear(12 * 4 * 4, 4)

    def forward(self, x):
        x = torch.cat([torch.relu(branch(x)) for branch in (self.a, self.b, self.c)], 1)
        return self.head(torch.flatten(self.pool(x), 1))


def sequence():
    """Along time alone: dilated and grouped, with PReLU and an average pool."""
    return nn.Sequential(
        nn.Conv1d(4, 8, 5, padding=4, dilation=2, groups=2),
        nn.PReLU(8),
        nn.AvgPool1d(2),
        nn.Conv1d(8, 6, 3),
        nn.BatchNorm1d(6),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(48, 3),
    )


def normed_mlp():
    return nn.Sequential(
        nn.Linear(5, 16),
        nn.BatchNorm1d(16),
        nn.ReLU(),
        nn.Linear(16, 16),
        nn.ReLU(),
        nn.Linear(16, 1),
        nn.Sigmoid(),
    )


NETS = {
    'nature-dqn': (NatureDqn, (2, 36, 36)),
    'view-dqn': (ViewDqn, (2, 36, 36)),
    'dueling-dqn': (DuelingDqn, (6,)),
    'classifier': (classifier, (3, 8, 8)),
    'auto-encoder': (auto_encoder, (2, 8, 8)),
    'residual': (residual, (3, 8, 8)),
    'fresh-residual': (fresh_residual, (3, 8, 8)),
    'mobile': (Mobile, (3, 12, 12)),
    'inception': (Inception, (3, 8, 8)),
    'sequence': (sequence, (4, 20)),
    'normed-mlp': (normed_mlp, (5,)),
}


def build(name):
    """The network in evaluation, its batch norms with statistics as training would leave them."""
    make, shape = NETS[name]
    torch.manual_seed(sum(map(ord, name)))
    net = make()
    if not getattr(net, 'fresh', False):
        randomise_norms(net)
    return net.eval(), shape


def randomise_norms(net):
    """Statistics as initialised (mean 0, variance 1) would hide most faults of folding."""
    for module in net.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.uniform_(module.running_mean, -0.5, 0.5)
            nn.init.uniform_(module.running_var, 0.5, 2.0)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
