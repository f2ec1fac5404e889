import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { checkNames } from '../check.js';
import { renderOf } from '../env/optional.js';
import { mismatch } from '../errors.js';
import { writeFileAtomically } from '../formats/atomic.js';
import { fileError } from '../formats/files.js';
import { PngAnimation, encodePng } from '../formats/png.js';
import type { PlayedEpisode, PlayedStep } from './evaluate-options.js';

export const filmFormats = ['animation', 'frames'] as const;
export type FilmFormat = (typeof filmFormats)[number];

export interface FilmOptions {
  /** The first so many are filmed (default 1). */
  readonly episodes?: number;
  /** `animation` (default): an animated PNG for each episode; `frames`: a folder of PNGs. */
  readonly format?: FilmFormat;
  /** Of animations (default 30). */
  readonly framesPerSecond?: number;
}

/**
 * Pictures of episodes as they are played, written into a folder: `episode-0000.png`, or `episode-0000/000000.png` and so
 * on. Its `onStep` and `onEpisode` go to `evaluate`.
 *
 * ```ts
 * const film = new Film('pictures', { episodes: 3 });
 * await evaluate({ ..., onStep: film.onStep, onEpisode: film.onEpisode });
 * ```
 */
export class Film {
  readonly #folder: string;
  readonly #episodes: number;
  readonly #format: FilmFormat;
  readonly #framesPerSecond: number;
  readonly #open = new Map<number, PngAnimation>();
  readonly #written: string[] = [];

  constructor(folder: string, options: FilmOptions = {}) {
    checkNames(options, ['episodes', 'format', 'framesPerSecond'], 'film option');
    const { episodes = 1, format = 'animation', framesPerSecond = 30 } = options;
    if (!Number.isSafeInteger(episodes) || episodes < 1) {
      throw mismatch('E_RANGE', 'filmed episodes', 'a whole number of at least 1', episodes);
    }
    if (!filmFormats.includes(format)) {
      throw mismatch('E_ARGUMENT', 'film format', filmFormats.join(' or '), format);
    }
    this.#folder = folder;
    this.#episodes = episodes;
    this.#format = format;
    this.#framesPerSecond = framesPerSecond;
    // Refuses a rate that cannot be before anything is played.
    new PngAnimation(framesPerSecond);
    makeFolder(folder);
  }

  /** The files that are there, in the order in which they were written. */
  get written(): readonly string[] {
    return [...this.#written];
  }

  readonly onStep = ({ episode, step, environment }: PlayedStep): void => {
    if (episode < this.#episodes) this.#take(episode, step, environment);
  };

  readonly onEpisode = ({ episode, steps, environment }: PlayedEpisode): void => {
    if (episode >= this.#episodes) return;
    this.#take(episode, steps, environment);
    const animation = this.#open.get(episode);
    if (animation === undefined) return;
    this.#open.delete(episode);
    this.#write(`${nameOf(episode)}.png`, animation.bytes());
  };

  #take(episode: number, step: number, environment: PlayedStep['environment']): void {
    const picture = renderOf(environment);
    if (this.#format === 'frames') {
      if (step === 0) makeFolder(path.join(this.#folder, nameOf(episode)));
      const name = `${String(step).padStart(6, '0')}.png`;
      this.#write(path.join(nameOf(episode), name), encodePng(picture));
      return;
    }
    const animation = this.#open.get(episode) ?? new PngAnimation(this.#framesPerSecond);
    animation.add(picture);
    this.#open.set(episode, animation);
  }

  #write(name: string, bytes: Uint8Array): void {
    const file = path.join(this.#folder, name);
    writeFileAtomically(file, bytes);
    this.#written.push(file);
  }
}

function nameOf(episode: number): string {
  return `episode-${String(episode).padStart(4, '0')}`;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw fileError(folder, 'make the folder', cause);
  }
}
