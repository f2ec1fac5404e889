// Builds and runs gradients.cpp and steps.cpp; needs cmake and a compiler, nothing of JavaScript.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('.', import.meta.url));
const build = fileURLToPath(new URL('../../build/gradients/', import.meta.url));
const stdio = ['ignore', 'ignore', 'inherit'];
execFileSync('cmake', ['-S', source, '-B', build], { stdio });
execFileSync('cmake', ['--build', build, '--config', 'Release', '-j', '2'], { stdio });
for (const program of ['gradients', 'steps']) execFileSync(build + program, { stdio: 'inherit' });
