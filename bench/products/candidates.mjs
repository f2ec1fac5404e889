import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';

// Installed with --no-deps: of what mkl depends on, only the OpenMP runtime is needed.
const wheels = ['scipy-openblas32', 'onednn-cpu-gomp', 'mkl', 'intel-openmp'];

export function fetchWheels(folder) {
  const run = (command, args) => execFileSync(command, args, { stdio: 'inherit' });
  if (!existsSync(folder)) run('python3', ['-m', 'venv', folder]);
  run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--no-deps', ...wheels]);
}

function wheelVersions(folder) {
  const pip = join(folder, 'bin', 'pip');
  if (!existsSync(pip)) return {};
  const listed = JSON.parse(execFileSync(pip, ['list', '--format=json'], { encoding: 'utf8' }));
  return Object.fromEntries(listed.map(({ name, version }) => [name, version]));
}

/** Every candidate, present or not; `missing` gives the reason and never a path. */
export function findCandidates(buildFolder, wheelFolder) {
  const platform = JSON.parse(readFileSync(join(buildFolder, 'platform.json'), 'utf8'));
  const versions = wheelVersions(wheelFolder);
  const libraries = join(wheelFolder, 'lib');
  const fromWheel = (name, wheel, kind, file, extra = {}) => ({
    name,
    kind,
    prefix: '',
    library: file,
    source: `wheel ${wheel} ${versions[wheel] ?? ''}`.trim(),
    ...(existsSync(file) ? {} : { missing: `wheel ${wheel} is not fetched (run with --fetch)` }),
    ...extra,
  });
  const own = (level) => ({
    name: `own ${level}`,
    kind: 'own',
    prefix: '',
    library: level,
    source: 'the C++ sources beside this runner',
  });
  const [python = 'python3'] = existsSync(libraries)
    ? readdirSync(libraries).filter((name) => name.startsWith('python3'))
    : [];
  const openblas = join(
    libraries,
    python,
    'site-packages/scipy_openblas32/lib/libscipy_openblas.so',
  );
  return [
    ...['avx512', 'avx2', 'baseline'].map(own),
    fromWheel('OpenBLAS wheel', 'scipy-openblas32', 'cblas', openblas, { prefix: 'scipy_' }),
    // The fair comparison for processors without AVX-512.
    fromWheel('OpenBLAS wheel, AVX2', 'scipy-openblas32', 'cblas', openblas, {
      prefix: 'scipy_',
      environment: { OPENBLAS_CORETYPE: 'Haswell' },
    }),
    ...systemOpenblas(platform.openblas),
    platformBlas(platform),
    fromWheel('oneDNN wheel', 'onednn-cpu-gomp', 'onednn', join(libraries, 'libdnnl.so.3')),
    {
      name: 'oneDNN SYCL wheel',
      missing:
        'wheel onednn 2026.1.0 exists only for the SYCL runtime, 2 GB of shared libraries with its ' +
        'dependencies; the OpenMP build of the same library is measured instead',
    },
    fromWheel('MKL wheel', 'mkl', 'mkl', join(libraries, 'libmkl_rt.so.3'), {
      // The OpenMP runtime lies beside the library; its threads spin 200 ms by default, into others' turns.
      environment: { LD_LIBRARY_PATH: libraries, KMP_BLOCKTIME: '1' },
    }),
  ];
}

function systemOpenblas(file) {
  if (file === '')
    return [
      { name: 'OpenBLAS system', missing: 'no system OpenBLAS (libopenblas-dev needs root)' },
    ];
  const found = {
    name: 'OpenBLAS system',
    kind: 'cblas',
    prefix: '',
    library: file,
    source: `system ${basename(realpathSync(file))}`,
  };
  // A release older than the processor does not know it and falls back to a generic kernel.
  const forced = {
    environment: { OPENBLAS_CORETYPE: 'SkylakeX' },
    name: 'OpenBLAS system, forced',
  };
  return [found, { ...found, ...forced, source: `${found.source}, OPENBLAS_CORETYPE=SkylakeX` }];
}

function platformBlas({ findBlas, openblas }) {
  const name = 'platform BLAS (FindBLAS)';
  const file = findBlas.split(';')[0];
  if (file === '') return { name, missing: 'CMake FindBLAS found none' };
  if (openblas !== '' && realpathSync(file) === realpathSync(openblas))
    return { name, missing: 'FindBLAS finds the system OpenBLAS, listed on its own' };
  return {
    name,
    missing: `FindBLAS finds ${basename(realpathSync(file))}, whose thread count has no common call`,
  };
}
