import { expect } from 'chai';
import { dqnParameters, readDqnParameters } from '../../ts/agent/dqn-parameters.js';
import { classifierParameters } from '../../ts/agent/classifier-parameters.js';
import { parseParameter, readParameters } from '../../ts/agent/parameters.js';
import {
  readReinforceParameters,
  reinforceParameters,
} from '../../ts/agent/reinforce-parameters.js';
import { SpiqError } from '../../ts/errors.js';

function refusal(call: () => unknown): SpiqError {
  try {
    call();
  } catch (error) {
    if (error instanceof SpiqError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('parameters of agents', () => {
  it('are whole records whose defaults their own checks accept', () => {
    for (const table of [dqnParameters, reinforceParameters, classifierParameters]) {
      for (const [name, { initial, accepts, about }] of Object.entries(table)) {
        expect(accepts(initial), name).to.equal(true);
        expect(about, name).to.not.equal('');
      }
    }
    const record = readDqnParameters({ batch: 32, goal: null });
    expect(Object.keys(record)).to.deep.equal(Object.keys(dqnParameters));
    expect(record).to.include({ batch: 32, goal: null, gamma: 0.99 });
    expect(readReinforceParameters({}).learningRate).to.equal(0.01);
  });

  it('refuse unknown names, wrong types and numbers out of range, and say what is meant', () => {
    const cases: [object, string][] = [
      [{ bach: 32 }, 'dqn parameter: expected a parameter of this agent, received bach; they are'],
      [{ batch: 0 }, 'dqn parameter batch: expected a whole number of at least 1, received 0'],
      [
        { batch: '32' },
        "dqn parameter batch: expected a whole number of at least 1, received '32'",
      ],
      [{ gamma: 1.5 }, 'dqn parameter gamma: expected a finite number from 0 to 1, received 1.5'],
      [{ goal: NaN }, 'dqn parameter goal: expected a finite number, or none, received NaN'],
      [
        { loss: 'l1' },
        "dqn parameter loss: expected one of mse, huber, clipped-error, received 'l1'",
      ],
      [{ hidden: [16, 0] }, 'dqn parameter hidden: expected a list of whole numbers of at least 1'],
      [{ double: 1 }, 'dqn parameter double: expected true or false, received 1'],
    ];
    for (const [given, message] of cases) {
      const error = refusal(() => readDqnParameters(given));
      expect(error.code).to.equal('E_ARGUMENT');
      expect(error.message).to.include(message);
    }
    const large = refusal(() => readDqnParameters({ memory: 10, batch: 11 }));
    expect(large.message).to.equal('dqn parameter batch: expected at most memory, 10, received 11');
    expect(refusal(() => readDqnParameters({ memory: 100, learningStarts: 101 })).code).to.equal(
      'E_RANGE',
    );
  });

  it('are read from words of a command line', () => {
    const read = (name: string, word: string) => parseParameter(dqnParameters, name, word, '--set');
    expect(read('hidden', '32,16')).to.deep.equal([32, 16]);
    expect(read('filters', '')).to.deep.equal([]);
    expect(read('goal', 'none')).to.equal(null);
    expect(read('learningRate', '5e-4')).to.equal(5e-4);
    expect(read('spiking', 'true')).to.equal(true);
    expect(read('target', 'soft')).to.equal('soft');
    for (const [name, word] of [
      ['spiking', 'yes'],
      ['batch', '1.5'],
      ['batch', ''],
      ['target', 'hard'],
      ['hidden', '32,'],
    ] as const) {
      expect(refusal(() => read(name, word)).code, `${name}=${word}`).to.equal('E_ARGUMENT');
    }
    expect(refusal(() => read('toString', '1')).message).to.include('received toString; they are');
  });

  it('say their own name in messages', () => {
    const error = refusal(() => readParameters(classifierParameters, { batches: -1 }, 'mine'));
    expect(error.message).to.match(/^mine batches: expected/);
  });
});
