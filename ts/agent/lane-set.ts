import type { StepResult } from '../env/env.js';
import type { EnvironmentGroup } from '../env/group.js';
import { Lane } from './lanes.js';
import type { LaneState, Seat } from './lanes.js';

/** A lane whose episode has ended, and which copy it is. */
export interface EndedLane {
  readonly copy: number;
  readonly lane: Lane;
}

/** The lanes of all copies, stepped together. */
export class LaneSet {
  private constructor(
    /** Undefined for a copy that no episode is left for. */
    private readonly lanes: (Lane | undefined)[],
    private readonly group: EnvironmentGroup | undefined,
  ) {}

  /** Episodes from number `first` on, each from its beginning. */
  static async begun(
    seats: readonly Seat[],
    seed: number,
    first: number,
    told: (lane: Lane, copy: number) => void,
  ): Promise<LaneSet> {
    const lanes: Lane[] = [];
    for (const [copy, seat] of seats.entries()) {
      const lane = await Lane.begun(seat, seed, first + copy);
      told(lane, copy);
      lanes.push(lane);
    }
    return new LaneSet(lanes, seats[0]?.group);
  }

  /** Episodes of a checkpoint, up to where they stood. */
  static async again(
    seats: readonly Seat[],
    seed: number,
    states: readonly (LaneState | null)[],
  ): Promise<LaneSet> {
    const lanes: (Lane | undefined)[] = [];
    for (const [copy, state] of states.entries()) {
      lanes.push(state === null ? undefined : await Lane.again(seats[copy]!, seed, state));
    }
    return new LaneSet(lanes, seats[0]?.group);
  }

  /** What `each` gives for every copy, and `rest` for those that no episode is left for. */
  map<T>(each: (lane: Lane, copy: number) => T, rest: T): T[] {
    return this.lanes.map((lane, copy) => (lane === undefined ? rest : each(lane, copy)));
  }

  /** What has to come before `step`; nothing where environments are of this process. */
  ahead(actions: readonly number[]): Promise<void> | undefined {
    if (this.group === undefined) return undefined;
    const copies = this.lanes.flatMap((lane, copy) => (lane === undefined ? [] : [copy]));
    return this.group.step(
      copies,
      copies.map((copy) => actions[copy]!),
    );
  }

  /** One step of every copy; gives those whose episodes ended. */
  step(
    actions: readonly number[],
    told: (copy: number, action: number, result: StepResult) => void,
  ): EndedLane[] {
    const ended: EndedLane[] = [];
    this.lanes.forEach((lane, copy) => {
      if (lane === undefined) return;
      const action = actions[copy]!;
      const result = lane.step(action);
      told(copy, action, result);
      if (result.terminated || result.truncated) ended.push({ copy, lane });
    });
    return ended;
  }

  /** What has to come before `begin`. */
  beginAhead({ copy, lane }: EndedLane, episode: number): Promise<void> | undefined {
    return this.group?.reset([copy], [lane.seedOf(episode)]);
  }

  /** No episode is left for this copy. */
  close(copy: number): void {
    this.lanes[copy] = undefined;
  }

  states(): (LaneState | null)[] {
    return this.lanes.map((lane) => lane?.state() ?? null);
  }
}
