import { expect } from 'chai';
import { denseNetwork, spikingNetwork } from '../../ts/agent/builders.js';
import { SpiqError } from '../../ts/errors.js';
import { QTrainer, Trainer } from '../../ts/trainer.js';
import type { Loss, Optimiser } from '../../ts/trainer.js';
import { uniforms } from '../conformance/random-nets.js';
import { resigned } from './resigned.js';
import { Wild } from './wild-input.js';

const network = denseNetwork({ sizes: [3, 9, 2], seed: 1 });
const x = uniforms(4 * 3, -1, 1, 1);
const loss: Loss = { kind: 'mse', targets: uniforms(4 * 2, -1, 1, 2) };
const batch = {
  observations: x,
  actions: Int32Array.of(0, 1, 1, 0),
  rewards: uniforms(4, -1, 1, 3),
  nextObservations: uniforms(4 * 3, -1, 1, 4),
  terminated: Uint8Array.of(0, 0, 1, 0),
};

type Trained = Trainer | QTrainer;

function learn(trainer: Trained): void {
  if (trainer instanceof QTrainer) trainer.updateBatchSync(batch);
  else trainer.updateSync(x, loss);
}

const kinds: Readonly<Record<string, () => Trained>> = {
  Trainer: () => new Trainer(network),
  QTrainer: () => new QTrainer(network),
};

function codeOf(trainer: { restore(bytes: Uint8Array): void }, bytes: Uint8Array): string {
  try {
    trainer.restore(bytes);
    return 'taken';
  } catch (error) {
    return error instanceof SpiqError ? error.code : `not a SpiqError: ${String(error)}`;
  }
}

for (const [name, open] of Object.entries(kinds)) {
  describe(`fuzz: the saved state of a ${name}`, () => {
    const source = open();
    for (let update = 0; update < 5; update += 1) learn(source);
    const bytes = source.save();

    it('goes on bit for bit in another one', () => {
      const other = open();
      other.restore(bytes);
      expect(other.save()).to.deep.equal(bytes);
      learn(source);
      learn(other);
      expect(other.save()).to.deep.equal(source.save());
      expect(other.save()).to.not.deep.equal(bytes);
    });

    it('is refused where a byte was changed, cut off or added, and changes nothing then', () => {
      const wild = new Wild(1);
      const trainer = open();
      learn(trainer);
      const before = trainer.save();
      for (let trial = 0; trial < 2000; trial += 1) {
        let damaged = Uint8Array.from(bytes);
        const at = wild.below(bytes.length);
        if (trial % 3 === 0) damaged = damaged.slice(0, at);
        else if (trial % 3 === 1) damaged[at] = damaged[at]! ^ (1 << wild.below(8));
        else damaged = Uint8Array.from([...damaged, ...damaged.slice(0, 1 + wild.below(40))]);
        expect(codeOf(trainer, damaged)).to.be.oneOf(['E_FORMAT', 'E_VERSION']);
      }
      expect(trainer.save()).to.deep.equal(before);
    });

    it('is survived, or refused, where damage carries a right checksum', () => {
      const wild = new Wild(2);
      const codes = new Set<string>();
      for (let trial = 0; trial < 2000; trial += 1) {
        const trainer = open();
        const damaged = Uint8Array.from(bytes);
        for (let n = 0; n < 1 + (trial % 40); n += 1)
          damaged[wild.below(bytes.length)] = wild.below(256);
        const code = codeOf(trainer, resigned(damaged));
        codes.add(code);
        if (code === 'taken') trainer.save();
        else expect(trainer.save()).to.deep.equal(open().save());
      }
      const known = ['taken', 'E_FORMAT', 'E_VERSION', 'E_ARGUMENT'];
      expect([...codes].filter((code) => !known.includes(code))).to.deep.equal([]);
      expect(codes.size).to.equal(known.length);
    });

    it('holds finite numbers', () => {
      const view = new DataView(Uint8Array.from(bytes).buffer);
      // Behind the head the last number is a weight, a checksum following it.
      view.setFloat32(bytes.length - 12, NaN, true);
      expect(codeOf(open(), resigned(new Uint8Array(view.buffer)))).to.equal('E_FORMAT');
    });
  });
}

describe('fuzz: states of training and strangers', () => {
  it('are refused by other networks, optimisers and kinds of trainer, and are versioned', () => {
    const bytes = new Trainer(network).save();
    const sgd: Optimiser = { kind: 'sgd' };
    const strangers = [
      new Trainer(denseNetwork({ sizes: [3, 8, 2] })),
      new Trainer(spikingNetwork({ sizes: [3, 9, 2], bias: true })),
      new Trainer(network, { optimiser: sgd }),
      new Trainer(network, { precision: 'float64' }),
      new Trainer(network, { trainable: { frozen: ['dense0'] } }),
      new QTrainer(network),
    ];
    for (const stranger of strangers) expect(codeOf(stranger, bytes)).to.equal('E_ARGUMENT');
    const newer = Uint8Array.from(bytes);
    newer[8] = 2;
    expect(codeOf(new Trainer(network), newer)).to.equal('E_VERSION');
    const wrong = [new Uint8Array(0), new Uint8Array(100), [1, 2], 'x'] as Uint8Array[];
    expect(wrong.map((value) => codeOf(new Trainer(network), value))).to.deep.equal([
      'E_FORMAT',
      'E_FORMAT',
      'E_ARGUMENT',
      'E_ARGUMENT',
    ]);
  });
});
