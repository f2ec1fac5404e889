const longestName = 22;
/** Of the labels' 13 px type, an average that leaves room for wide letters. */
const characterWidth = 6.9;

/** A name as it stands at the left of its row. */
export function shortName(name: string, longest = longestName): string {
  return name.length <= longest ? name : `${name.slice(0, longest - 1)}…`;
}

/** The room that names at the left take. */
export function leftMarginFor(names: readonly string[]): number {
  return Math.round(16 + Math.max(0, ...names.map(({ length }) => length)) * characterWidth);
}

/** Lines of at most so many characters, broken between words. */
export function wrapText(text: string, longest: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= longest) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}
