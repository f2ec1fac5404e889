import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { loadGraph } from '../../ts/formats/load.js';
import { transpose } from '../../ts/formats/layout.js';
import { readNpzFile } from '../../ts/formats/npz/index.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';
import { importScript, repositoryRoot } from './repository.js';

const fixtures = path.join(repositoryRoot, 'test', 'oracle', 'torch');
const script = path.join(repositoryRoot, 'scripts', 'pt_to_npz.py');
const expected = readNpzFile(path.join(fixtures, 'expected.npz'));
const noForward = async (): Promise<Float32Array> => new Float32Array();

describe('scripts: pt_to_npz.py', () => {
  let folder: string;
  let python: string;
  let output: string;

  before(async () => {
    const { findPython } = await importScript<{ findPython: () => string }>('lib/python-env.mjs');
    python = findPython();
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-pt-'));
    output = path.join(folder, 'out.npz');
  });
  afterEach(() => rmSync(output, { force: true }));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (file: string, ...options: string[]) => {
    const args = [script, path.join(fixtures, file), output, ...options];
    const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  const weights = (key: string) => {
    const { shape, data } = expected.get(key);
    return { shape, data: data as Float32Array };
  };

  for (const form of ['new', 'old']) {
    it(`gives a state dictionary under its own names, out-in: ${form} form`, async () => {
      expect(run(`state-dict.${form}.pt`)).to.deep.equal({
        status: 0,
        stdout: 'out-in: 0.weight [4, 3], 0.bias [4], 2.weight [2, 4]\n',
        stderr: '',
      });
      const npz = readNpzFile(output);
      expect(npz.keys).to.deep.equal([...expected.keys, 'layout']);
      for (const key of expected.keys) expect(npz.get(key)).to.deep.equal(expected.get(key));
      const { graph, source } = await loadGraph(output, { forward: noForward });
      expect(source).to.equal('state-dict-npz');
      expect(graph.nodes.map(({ name }) => name)).to.deep.equal(['input', '0', 'relu0', '2']);
    });

    it(`gives lists of matrices as in-out, views included, and none where a bias is None: ${form} form`, async () => {
      const kinds: [string, string[]][] = [
        ['tuple', ['w0', 'b0', 'w1']],
        ['tuple-no-biases', ['w0', 'w1']],
        ['list', ['w0', 'w1']],
      ];
      for (const [kind, keys] of kinds) {
        expect(run(`${kind}.${form}.pt`), kind).to.include({ status: 0, stderr: '' });
        const npz = readNpzFile(output);
        expect(npz.keys).to.deep.equal([...keys, 'layout']);
        expect(npz.get('w0')).to.deep.equal({ dtype: 'f4', ...transpose(weights('0.weight')) });
        const { graph, notes } = await loadGraph(output, { forward: noForward });
        expect(notes).to.deep.equal([]);
        expect(graph.nodes[1]).to.deep.include({ weight: weights('0.weight') });
        expect(graph.nodes[3]).to.deep.include({ weight: weights('2.weight') });
      }
    });

    it(`takes an entry of a checkpoint, and names by their beginning: ${form} form`, () => {
      expect(run(`checkpoint.${form}.pt`).stderr)
        .to.include("'model': a OrderedDict")
        .and.include('--entry');
      const options = ['--entry', 'model', '--prefix', '0.'];
      expect(run(`checkpoint.${form}.pt`, ...options)).to.include({ status: 0 });
      expect(readNpzFile(output).keys).to.deep.equal(['weight', 'bias', 'layout']);
      expect(run(`checkpoint.${form}.pt`, '--entry', 'optimiser').stderr).to.include("'optimiser'");
    });

    it(`keeps the type of numbers: ${form} form`, () => {
      expect(run(`double.${form}.pt`)).to.include({ status: 0 });
      expect(readNpzFile(output).get('0.weight').dtype).to.equal('f8');
    });

    it(`names what a pickle would call, and runs nothing: ${form} form`, () => {
      const { status, stdout, stderr } = run(`harmful.${form}.pt`);
      expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
      expect(stderr).to.match(/the pickle calls __builtin__\.print/);
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  }

  it('refuses whole modules, plain pickles, other zips and other things than weights', () => {
    const refused = {
      'module.new.pt': 'torch.nn.modules.container.Sequential',
      'harmful.plain.pt': 'builtins.print',
      'other.zip.pt': 'data.pkl',
      'number.new.pt': 'a int',
      'number.old.pt': 'a int',
      'missing.pt': 'No such file',
    };
    for (const [file, part] of Object.entries(refused)) {
      const { status, stdout, stderr } = run(file);
      expect({ status, stdout }, file).to.deep.equal({ status: 1, stdout: '' });
      expect(stderr).to.include(part);
      expect(stderr.trim().split('\n'), file).to.have.length(1);
    }
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('reads or refuses damaged files, and never breaks off', function () {
    this.timeout(60_000);
    const next = seededNumbers(5);
    const sound = ['state-dict.new.pt', 'state-dict.old.pt', 'tuple.new.pt', 'tuple.old.pt'];
    const files = sound.flatMap((name) => {
      const bytes = readFileSync(path.join(fixtures, name));
      return Array.from({ length: 150 }, (_, index) => {
        const file = path.join(folder, `${name}.${index}`);
        writeFileSync(file, mutate(bytes, next).bytes);
        return file;
      });
    });
    const program = [
      'import contextlib, io, sys',
      `sys.path.insert(0, ${JSON.stringify(path.dirname(script))})`,
      'from pt_to_npz import main',
      'with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):',
      '    codes = [main([file, sys.argv[1]]) for file in sys.argv[2:]]',
      'print(codes.count(0), codes.count(1))',
    ].join('\n');
    const { status, stdout, stderr } = spawnSync(python, ['-c', program, output, ...files], {
      encoding: 'utf8',
    });
    expect(status, stderr).to.equal(0);
    const [read = 0, refused = 0] = stdout.trim().split(' ').map(Number);
    expect(read + refused).to.equal(files.length);
    expect(refused).to.be.greaterThan(files.length / 10);
  });
});
