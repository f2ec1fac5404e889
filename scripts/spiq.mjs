#!/usr/bin/env node
import { runBuiltMain } from './lib/built-main.mjs';
import { runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';

await runScript((argv) => runBuiltMain(repositoryRoot, 'dist/ts/cli/main.js', argv));
