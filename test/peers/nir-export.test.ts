import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Network } from '../../ts/network.js';
import { libraries, nested, observation, ours, runPeers, spikesOf, steps } from './nir-nets.js';
import type { Answer, Job, Library } from './nir-nets.js';

interface Case {
  readonly name: string;
  readonly library: Library;
  readonly network: Network;
}

describe('NIR files of ours in other libraries', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-peers-'));
  const cases = Object.entries(ours).flatMap(([name, graph]) =>
    libraries.map((library): Case => ({ name, library, network: Network.fromGraph(graph) })),
  );
  let answers: Answer[];

  const fileOf = (index: number): string => path.join(folder, `${index}.nir`);
  const shapeOf = ({ network }: Case): readonly number[] => {
    const [input] = network.graph.nodes;
    return input?.kind === 'input' ? input.shape : [];
  };

  before(async () => {
    const jobs: Job[] = [];
    for (const [index, one] of cases.entries()) {
      await one.network.export(fileOf(index), { profile: one.library });
      const shape = shapeOf(one);
      const input = nested(observation(shape));
      // Norse and snnTorch count the dimensions of Flatten with the batch, NIR without.
      const batch = shape.length === 1 || one.library === 'spikingjelly';
      jobs.push({ library: one.library, file: fileOf(index), input, steps, batch });
    }
    answers = runPeers(jobs);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, one] of cases.entries()) {
    it(`fire the same spikes in every step: ${one.name}, ${one.library}`, () => {
      const expected = spikesOf(one.network, observation(shapeOf(one)).data);
      expect(expected.flat()).to.include(1).and.to.include(0);
      expect(answers[index]).to.deep.equal({ spikes: expected });
    });

    it(`come back as they were: ${one.name}, ${one.library}`, async () => {
      // Weights behind an average are divided for Norse, here by 4, which loses nothing.
      const { graph } = await Network.load(fileOf(index));
      expect(graph).to.deep.equal(one.network.graph);
    });

    it(`mean the same without their metadata: ${one.name}, ${one.library}`, async () => {
      const dt = one.library === 'norse' ? { dt: 1e-3 } : {};
      const read = await Network.load(fileOf(index), { profile: one.library, ...dt });
      const row = observation(shapeOf(one)).data;
      expect(spikesOf(read, row)).to.deep.equal(spikesOf(one.network, row));
    });
  }
});
