import { Option } from 'commander';
import type { Command } from 'commander';
import { evaluate } from '../../agent/evaluate.js';
import type { PlayedStep } from '../../agent/evaluate.js';
import { Film, filmFormats } from '../../agent/film.js';
import type { FilmFormat } from '../../agent/film.js';
import { defaultReplayRows } from '../../agent/replay-recorder.js';
import { bridgeBackends } from '../../bridge/backends.js';
import { SpiqError, mismatch } from '../../errors.js';
import type { Model } from '../../experiments/models.js';
import { addBackendOptions, addProtocolOption } from '../bridge-options.js';
import { addEnvironmentOptions, noopRange, openStage, withModel } from '../environments.js';
import type { EnvironmentFlags, Stage } from '../environments.js';
import { addNetworkOptions, describeNetwork, modelNamed } from '../networks.js';
import {
  addCommonOptions,
  addSimulationOptions,
  layoutOption,
  realNumber,
  wholeNumber,
} from '../options.js';
import { playedText } from '../played-text.js';
import { openPlayers } from '../players.js';
import type { PlayerFlags, Players } from '../players.js';
import { openRecorder } from '../recorder.js';
import type { RecorderFlags } from '../recorder.js';
import type { Terminal } from '../terminal.js';

interface Flags extends EnvironmentFlags, PlayerFlags, RecorderFlags {
  readonly explore?: number;
  readonly render?: string;
  readonly renderEpisodes?: number;
  readonly renderFormat?: FilmFormat;
}

/** Episodes that are played side by side where the environment lives in a worker. */
const playedAtOnce = 10;

const examples = `
A converted network plays as a spiking one; a float network plays in float unless --spiking is given.
Similarity is the share of chosen actions that the network of --compare would have chosen too.

Examples:
  $ spiq test net.onnx --episodes 100
  $ spiq test snn.npz --compare net.onnx -T 100 --episodes 100 --json
  $ spiq test weights.npz --layout in-out --spiking --semantics dsqn -T 20 --bias-as-observation
  $ spiq test snn.npz --backend nest --compare net.onnx --episodes 20
  $ spiq test net.onnx --env mountain-car --explore 0.05 --save-replay replay
  $ spiq test net.npz --env breakout --view nature --history 4 --episodes 30 --explore 0.05
  $ spiq test net.onnx --env bricks --episodes 10 --render pictures --render-episodes 3`;

export function define(command: Command, terminal: Terminal): void {
  const base = addEnvironmentOptions(
    command.argument(
      '<network>',
      `ONNX or NIR file, spiq .npz, .npz of weights alone, or a model's name`,
    ),
  )
    .option('--episodes <n>', 'episodes, played side by side', wholeNumber, 100)
    .option('--explore <share>', 'of steps whose action is drawn (default: 0)', realNumber)
    .option('--noops <range>', 'a random number of steps first: most, or fewest,most', noopRange)
    .option('--compare <network>', 'float network whose actions are compared')
    .option('--spiking', 'play a float network as spiking, as it stands')
    .addOption(
      new Option('--backend <name>', 'another simulator, in which it plays as spiking').choices(
        bridgeBackends,
      ),
    )
    .option('--carry', 'potentials outlast a decision instead of starting anew (CRPI)')
    .option('--save-replay <folder>', 'write what was seen, and the outputs for it, as npz')
    .option(
      '--replay-rows <n>',
      `rows that are kept, the last ones (default: ${defaultReplayRows})`,
      wholeNumber,
    )
    .option('--render <folder>', 'draw what is played, as PNG')
    .option('--render-episodes <n>', 'first episodes that are drawn (default: 1)', wholeNumber)
    .addOption(
      new Option(
        '--render-format <name>',
        'an animated PNG for each, or a folder of frames (default: animation)',
      ).choices(filmFormats),
    )
    .addOption(layoutOption('--layout <name>', 'how matrices lie in an .npz of bare weights'))
    .option('--seed <n>', 'episode k is reset with seed + k', wholeNumber, 0);
  addCommonOptions(
    addNetworkOptions(addProtocolOption(addBackendOptions(addSimulationOptions(base)))),
  )
    .addHelpText('after', examples)
    .action(async (file: string, flags: Flags) => run(file, flags, terminal));
}

async function run(word: string, given: Flags, terminal: Terminal): Promise<void> {
  const model = modelNamed(word);
  const flags = model ? withModel(given, model) : given;
  const { episodes, render, carry } = flags;
  const stage = await openStage(flags, {
    copies: carry === true ? episodes : Math.min(episodes, playedAtOnce),
    pictures: render !== undefined,
    signal: terminal.signal,
  });
  try {
    if (model) checkActions(model, stage);
    await play(model?.file ?? word, flags, stage, terminal);
  } finally {
    await stage.close();
  }
}

async function play(file: string, flags: Flags, stage: Stage, terminal: Terminal): Promise<void> {
  const players = await openPlayers(file, flags, stage, terminal);
  try {
    await playWith(players, file, flags, stage, terminal);
  } finally {
    await players.close();
  }
}

async function playWith(
  { network, spiking, policy, other }: Players,
  file: string,
  flags: Flags,
  stage: Stage,
  terminal: Terminal,
): Promise<void> {
  const { seed, episodes, explore, noops, backend } = flags;
  const { environment, one } = stage;
  const recorder = openRecorder(flags, policy, one.observationSpace.size);
  const film = openFilm(flags);
  const progress = terminal.progress('playing');
  const result = await evaluate({
    environment,
    act: policy.act,
    episodes,
    seed,
    ...(explore !== undefined && { epsilon: explore }),
    ...(other && { compareWith: other.act }),
    ...((recorder ?? film) && {
      onStep(step: PlayedStep) {
        recorder?.add(step.observation);
        film?.onStep(step);
      },
    }),
    ...(film && { onEpisode: film.onEpisode }),
    signal: terminal.signal,
    onProgress: (played) => {
      progress.update(played.finished, played.episodes);
    },
  }).finally(() => {
    progress.end();
  });
  const replay = await recorder?.save();
  const spikesPerObservation = spiking ? policy.spikes() / result.steps : undefined;
  terminal.result(
    {
      network: describeNetwork(file, network),
      environment: stage.name,
      seed,
      spiking,
      ...(spiking &&
        (backend ?? flags.protocol) !== undefined && { backend: flags.protocol ?? backend }),
      carry: flags.carry === true && spiking,
      ...(flags.history !== undefined && { history: flags.history }),
      ...(noops && { noops }),
      ...result,
      spikesPerObservation,
      ...(replay && { replay }),
      ...(film && { pictures: film.written }),
    },
    () => playedText(result, { spikesPerObservation, replay, pictures: film?.written }),
  );
}

/** The outputs of a model are actions in an order; other games, and other sets of actions, have another. */
function checkActions({ name, actions }: Model, { one }: Stage): void {
  const known = one.actionSpace.names ?? [];
  if (known.join() === actions.join()) return;
  const what = `actions of the environment for the model ${name}`;
  throw mismatch('E_STATE', what, actions.join(', '), known);
}

/** What --render asks for. */
function openFilm({ render, renderEpisodes, renderFormat }: Flags): Film | undefined {
  const rest = { '--render-episodes': renderEpisodes, '--render-format': renderFormat };
  if (render === undefined) {
    for (const [name, value] of Object.entries(rest)) {
      if (value === undefined) continue;
      throw new SpiqError('E_USAGE', `${name}: expected --render beside it, received none`);
    }
    return undefined;
  }
  return new Film(render, {
    ...(renderEpisodes !== undefined && { episodes: renderEpisodes }),
    ...(renderFormat && { format: renderFormat }),
  });
}
