/** A source file with what it imports: `#include` texts such as `<vector>` or `base/shape.h`, or paths from the root. */
export interface SourceFile {
  readonly path: string;
  readonly imports: readonly string[];
}

/** Files of one room may import what `may` matches, and nothing else. The first room that holds a path counts. */
interface Room {
  readonly name: string;
  readonly holds: RegExp;
  readonly may: readonly RegExp[];
}

// Headers of the operating system and the compiler that stand beside the standard library.
const standardHeader =
  /^<(?:[a-z_]+|(?:dlfcn|fcntl|unistd|immintrin|cpuid|arm_neon|sys\/(?:mman|file|stat|statvfs))\.h)>$/;
const base = /^base\//;
const core = /^core\//;
// The interface of back ends and the one function that finds them by name.
const backendInterface =
  /^backend\/(?:backend|frame_kernels|gradient_views|move_views|registry)\.h$/;
const napi = /^<(?:napi|node_api)\.h>$/;

const nativeRooms: readonly Room[] = [
  { name: 'base', holds: /^native\/base\//, may: [standardHeader, base] },
  { name: 'core', holds: /^native\/core\//, may: [standardHeader, base, core, backendInterface] },
  {
    name: 'registry',
    holds: /^native\/backend\/registry\.cc$/,
    // The one place that knows every back end there is.
    may: [standardHeader, base, backendInterface, /^backend\/(\w+)\/\1_backend\.h$/],
  },
  {
    name: 'back-end interface',
    holds: /^native\/backend\/\w+\.h$/,
    may: [standardHeader, base, backendInterface],
  },
  {
    name: 'back end cpu',
    holds: /^native\/backend\/cpu\//,
    may: [standardHeader, base, /^backend\/(?:backend|frame_kernels)\.h$/, /^backend\/cpu\//],
  },
  {
    name: 'binding',
    holds: /^native\/binding\//,
    may: [standardHeader, napi, base, core, backendInterface, /^binding\//],
  },
  {
    name: 'native tests',
    holds: /^native\/tests\//,
    may: [standardHeader, base, core, /^backend\//, /^tests\//],
  },
];

const node = /^node:/;
const vocabulary = /^ts\/(?:errors|graph|check)\.ts$/;
const formats = /^ts\/formats\//;
const facade =
  /^ts\/(?:network|simulator|readout|convert|info|doctor|trainer|replay|frames|fixed)(?:\.ts$|\/)/;
const nativeLoader = /^ts\/native(?:\.ts$|\/)/;
const users = /^ts\/(?:agent|analysis|env|bridge|sweep|report|demo|experiments|run|plot|wire)\//;
const publicIndex = /^ts\/index\.ts$/;
// A package by its name, as against a path from the root.
const outside = /^(?!ts\/)[^./][^:]*$/;

const scriptRooms: readonly Room[] = [
  { name: 'vocabulary', holds: vocabulary, may: [node, vocabulary] },
  { name: 'formats', holds: formats, may: [node, outside, vocabulary, formats] },
  { name: 'native.ts', holds: nativeLoader, may: [node, vocabulary, nativeLoader] },
  {
    name: 'façade',
    holds: facade,
    may: [node, outside, vocabulary, formats, nativeLoader, facade],
  },
  {
    name: 'users of the façade',
    holds: users,
    may: [node, outside, vocabulary, formats, facade, users],
  },
  { name: 'index.ts', holds: publicIndex, may: [vocabulary, formats, facade, users] },
  {
    name: 'cli and serve',
    holds: /^ts\/(?:cli|serve)\//,
    may: [node, outside, vocabulary, formats, facade, users, publicIndex, /^ts\/(?:cli|serve)\//],
  },
];

/** Every import that runs against the arrows of docs/architecture.md, and every file that lies in no room. */
export function findForbiddenArrows(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, imports }) => {
    const rooms = path.startsWith('native/') ? nativeRooms : scriptRooms;
    const room = rooms.find(({ holds }) => holds.test(path));
    if (room === undefined) return [`${path} lies in no room that the architecture knows`];
    return imports
      .filter((target) => !room.may.some((pattern) => pattern.test(target)))
      .map((target) => `${path} (${room.name}) must not import ${target}`);
  });
}
