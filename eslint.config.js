import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const nodeGlobals = [
  'AbortController',
  'Buffer',
  'URL',
  'clearInterval',
  'clearTimeout',
  'console',
  'performance',
  'process',
  'setInterval',
  'setTimeout',
];

export default defineConfig(
  globalIgnores(['dist/', 'build/', '.venv/', 'node_modules/', 'spiq-report/', '**/*_pb.ts']),
  {
    files: ['{ts,test,bench,examples}/**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: 'error',
      // With noUncheckedIndexedAccess every read of a typed array in a loop needs the mark; that rule would
      // only turn `x[i]!` into `x[i] as number`, which says the same less plainly.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Numbers are what messages here are about; their default rendering is the wanted one.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `(x) => list.push(x)` and `() => done()` read well; a misused void is caught by the other void rules.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A loop over typed arrays by index is this project's bread and butter, with several arrays per index.
      '@typescript-eslint/prefer-for-of': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // chai's assertions are property reads: expect(x).to.be.true.
      '@typescript-eslint/no-unused-expressions': 'off',
      // Async suites share one shape, whether or not each of their cases waits.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['scripts/**/*.mjs', '*.js'],
    extends: [tseslint.configs.strict],
    languageOptions: { globals: Object.fromEntries(nodeGlobals.map((name) => [name, 'readonly'])) },
    rules: { eqeqeq: 'error', 'no-undef': 'error' },
  },
);
