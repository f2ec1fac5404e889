import { readFileSync } from 'node:fs';

/** Cases that the import refuses for one reason; a pattern is GROUP/NAME, where * stands for any characters. */
interface SkipGroup {
  readonly reason: string;
  /** What each refusal says: the case has to be refused for that reason and no other. */
  readonly says: string;
  readonly cases: readonly string[];
}

interface Pattern {
  readonly text: string;
  readonly expression: RegExp;
  readonly group: SkipGroup;
  used: boolean;
}

/** The committed list of cases that are refused, which has to be exact: no entry too few, none too many. */
export class SkipList {
  readonly #patterns: readonly Pattern[];

  constructor(groups: readonly SkipGroup[]) {
    this.#patterns = groups.flatMap((group) =>
      group.cases.map((text) => ({ text, expression: toExpression(text), group, used: false })),
    );
  }

  static read(file: string): SkipList {
    // From the sources: tests run in dist/test/third-party, three folders below the package.
    const url = new URL(`../../../test/third-party/${file}`, import.meta.url);
    return new SkipList(JSON.parse(readFileSync(url, 'utf8')) as SkipGroup[]);
  }

  /** What is wrong with `name` being refused with `message`; undefined where the list has it. */
  complaint(name: string, message: string): string | undefined {
    const matching = this.#patterns.filter(({ expression }) => expression.test(name));
    for (const pattern of matching) pattern.used = true;
    if (matching.some(({ group }) => message.includes(group.says))) return undefined;
    const listed = matching.map(({ group }) => `listed as: ${group.reason}`);
    return `${name} is refused (${listed.join('; ') || 'not listed'}): ${message}`;
  }

  /** Patterns that hold a name that is not refused. */
  listing(name: string): string[] {
    return this.#patterns.filter(({ expression }) => expression.test(name)).map(({ text }) => text);
  }

  get unused(): string[] {
    return this.#patterns.filter(({ used }) => !used).map(({ text }) => text);
  }
}

function toExpression(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
