import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from '../scripts/repository.js';
import { findForbiddenArrows } from './arrows.js';
import {
  nativeIncludes,
  readNativeSources,
  readScriptSources,
  scriptImports,
} from './source-files.js';

describe('architecture: arrows between rooms', () => {
  const native = readNativeSources(repositoryRoot);
  const scripts = readScriptSources(repositoryRoot);

  it('finds the sources it is to judge', () => {
    expect(native.length).to.be.greaterThan(20);
    expect(scripts.length).to.be.greaterThan(20);
    expect(native.flatMap(({ imports }) => imports)).to.include('base/status.h');
    expect(scripts.flatMap(({ imports }) => imports)).to.include('ts/errors.ts');
  });

  it('finds no forbidden arrow in native', () => {
    expect(findForbiddenArrows(native)).to.deep.equal([]);
  });

  it('finds no forbidden arrow in ts', () => {
    expect(findForbiddenArrows(scripts)).to.deep.equal([]);
  });

  it('finds the built addon named in ts/native.ts only', () => {
    const loaders = scripts
      .map((file) => file.path)
      .filter((file) => /\.node['"`]/.test(readFileSync(path.join(repositoryRoot, file), 'utf8')));
    expect(loaders).to.deep.equal(['ts/native.ts']);
  });
});

describe('architecture: the checker of arrows', () => {
  const forbidden: [from: string, to: string][] = [
    ['native/base/shape.h', '<napi.h>'],
    ['native/base/shape.h', 'core/graph/graph.h'],
    ['native/base/shape.h', '<openblas/cblas.h>'],
    ['native/core/sim/simulate.cc', '<napi.h>'],
    ['native/core/sim/simulate.cc', 'backend/cpu/cpu_backend.h'],
    ['native/core/sim/simulate.cc', 'binding/errors.h'],
    ['native/backend/backend.h', 'core/graph/graph.h'],
    ['native/backend/registry.h', 'backend/cpu/cpu_backend.h'],
    ['native/backend/registry.cc', 'backend/cpu/layer_kernels.h'],
    ['native/backend/cpu/cpu_backend.cc', 'core/graph/graph.h'],
    ['native/backend/cpu/cpu_backend.cc', 'backend/cuda/cuda_backend.h'],
    ['native/backend/cpu/cpu_backend.cc', 'backend/registry.h'],
    ['native/binding/addon.cc', 'backend/cpu/cpu_backend.h'],
    ['native/tests/graph_test.cc', '<napi.h>'],
    ['ts/errors.ts', 'ts/network.ts'],
    ['ts/formats/npz/npz.ts', 'ts/native.ts'],
    ['ts/formats/npz/npz.ts', 'ts/network.ts'],
    ['ts/native.ts', 'ts/network.ts'],
    ['ts/network.ts', 'ts/agent/evaluate.ts'],
    ['ts/network.ts', 'ts/cli/main.ts'],
    ['ts/env/cart-pole.ts', 'ts/native.ts'],
    ['ts/agent/evaluate.ts', 'ts/cli/main.ts'],
    ['ts/cli/main.ts', 'ts/native.ts'],
    ['ts/index.ts', 'ts/cli/main.ts'],
  ];
  for (const [from, to] of forbidden) {
    it(`sees ${from} → ${to}`, () => {
      expect(findForbiddenArrows([{ path: from, imports: [to] }])).to.have.length(1);
    });
  }

  const allowed: [from: string, to: string][] = [
    ['native/base/isa.cc', '<vector>'],
    ['native/core/sim/simulate.cc', 'backend/backend.h'],
    ['native/backend/registry.cc', 'backend/cpu/cpu_backend.h'],
    ['native/backend/cpu/layer_avx2.cc', '<immintrin.h>'],
    ['native/binding/addon.cc', '<napi.h>'],
    ['ts/formats/onnx/read.ts', '@bufbuild/protobuf'],
    ['ts/formats/onnx/read.ts', 'ts/graph.ts'],
    ['ts/network.ts', 'ts/native.ts'],
    ['ts/agent/evaluate.ts', 'ts/simulator.ts'],
    ['ts/cli/main.ts', 'commander'],
    ['ts/cli/main.ts', 'ts/demo/report.ts'],
  ];
  for (const [from, to] of allowed) {
    it(`permits ${from} → ${to}`, () => {
      expect(findForbiddenArrows([{ path: from, imports: [to] }])).to.deep.equal([]);
    });
  }

  it('sees a file in no room', () => {
    expect(findForbiddenArrows([{ path: 'ts/stray.ts', imports: [] }])).to.have.length(1);
    expect(findForbiddenArrows([{ path: 'native/util/x.h', imports: [] }])).to.have.length(1);
  });

  it('reads includes of both kinds', () => {
    const text =
      '#include <vector>\n  # include "base/shape.h"\n// #include "core/graph/graph.h"\n';
    expect(nativeIncludes(text)).to.deep.equal(['<vector>', 'base/shape.h']);
  });

  it('reads every way of importing and resolves relative ones', () => {
    const text = [
      "import { a } from '../errors.js';",
      "import type { B } from './b.js';",
      "import 'side-effect';",
      "export * from '../graph.js';",
      "const late = await import('./late.js');",
      "const addon = require('../../native.js');",
      "// import { no } from './commented.js';",
    ].join('\n');
    expect(scriptImports('ts/formats/x.ts', text)).to.deep.equal([
      'ts/errors.ts',
      'ts/formats/b.ts',
      'side-effect',
      'ts/graph.ts',
      'ts/formats/late.ts',
      'native.ts',
    ]);
  });
});
