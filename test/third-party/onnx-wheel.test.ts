import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parseOnnx } from '../../ts/formats/onnx/index.js';
import { operators } from '../../ts/formats/onnx/operators/index.js';
import { SpiqError } from '../../ts/errors.js';
import { ImportedNet } from './imported-net.js';
import { needPython } from './need.js';
import { OnnxCases } from './onnx-cases.js';
import type { Group, OnnxCase } from './onnx-cases.js';
import { deviationOf } from './deviation.js';
import { SkipList } from './skip-list.js';

const firstNewOpset = 27;
const tolerance = 1e-4;

/** The least number of cases that import and agree. */
const least = { 'pytorch-converted': 55, 'pytorch-operator': 14, node: 189, light: 6 };

describe("the onnx package's test cases", function () {
  // The first run makes a Python environment.
  this.timeout(300_000);

  const skips = SkipList.read('onnx-wheel-skips.json');
  const counts = new Map<Group, { run: number; skipped: number; unverified: number }>();
  let cases: OnnxCases;

  before(async function () {
    needPython(this);
    cases = await OnnxCases.make();
  });

  /** Imports and computes, or sees to it that the refusal is listed. Returns what is wrong. */
  async function judge(test: OnnxCase): Promise<string | undefined> {
    const count = counts.get(test.group) ?? { run: 0, skipped: 0, unverified: 0 };
    counts.set(test.group, count);
    const name = `${test.group}/${test.name}`;
    const refusal = test.unfit ?? (await attempt(test, count));
    if (refusal === undefined) {
      count.run += 1;
      const listed = skips.listing(name);
      return listed.length > 0 ? `${name} runs, but ${listed.join(', ')} is listed` : undefined;
    }
    count.skipped += 1;
    return refusal.startsWith('wrong: ') ? `${name} is ${refusal}` : skips.complaint(name, refusal);
  }

  /** Undefined where the network agrees; the words of a refusal; or `wrong: …`. */
  async function attempt(
    test: OnnxCase,
    count: { unverified: number },
  ): Promise<string | undefined> {
    const file = cases.modelPath(test);
    try {
      if (test.group === 'light') {
        parseOnnx(readFileSync(file), file);
        return undefined;
      }
      const net = await ImportedNet.load(file);
      if (net.check.status !== 'verified') count.unverified += 1;
      const { input, rows, outputs } = cases.data(test);
      const deviation = deviationOf(await net.answer(input, rows), outputs);
      if (deviation <= tolerance) return undefined;
      return `wrong: ${deviation} off, of 1 + the largest output`;
    } catch (error) {
      const refused = error instanceof SpiqError && error.code === 'E_UNSUPPORTED';
      return refused ? error.message : `wrong: ${String(error)}`;
    }
  }

  async function judgeAll(tests: readonly OnnxCase[]): Promise<void> {
    expect(tests).to.not.be.empty;
    const complaints: string[] = [];
    for (const test of tests) {
      const complaint = await judge(test);
      if (complaint !== undefined) complaints.push(complaint);
    }
    expect(complaints, `\n${complaints.join('\n')}\n`).to.deep.equal([]);
  }

  for (const group of ['pytorch-converted', 'pytorch-operator', 'light'] as const) {
    it(`${group}: agrees with what is expected, or is refused with a listed reason`, async () => {
      await judgeAll(cases.of(group));
    });
  }

  for (const operator of operators.keys()) {
    it(`node cases of ${operator}: agree, or are refused with a listed reason`, async () => {
      await judgeAll(cases.of('node').filter(({ operators: [only] }) => only === operator));
    });
  }

  it('expects of the newest opsets what the reference evaluator computes', () => {
    const newest = cases.of('node').filter(({ opset, unfit, operators: [only = ''] }) => {
      return opset >= firstNewOpset && unfit === undefined && operators.has(only);
    });
    const apart = newest.filter(({ reference }) => reference !== 'agrees');
    expect(apart).to.deep.equal([]);
  });

  it('needs each entry of its list, and runs no fewer cases than before', () => {
    for (const [group, { run, skipped, unverified }] of counts) {
      process.stdout.write(
        `      ${group}: ${run} run (${unverified} without onnxruntime), ${skipped} skipped\n`,
      );
      expect(run, group).to.be.at.least(least[group]);
    }
    expect([...counts.keys()]).to.have.members(Object.keys(least));
    expect(skips.unused).to.deep.equal([]);
  });
});
