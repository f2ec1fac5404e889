import { expect } from 'chai';
import { errorCodes } from '../../ts/index.js';
import type { ErrorCode } from '../../ts/index.js';
import { provoke } from './error-cases.js';
import { blocksOf, headingsOf, readText, sectionOf } from './markdown.js';

const file = 'docs/errors.md';

describe('docs: errors', () => {
  const text = readText(file);

  it('has a section for every code, in their order, and none for a code that is gone', () => {
    const sections = headingsOf(text).filter((heading) => heading.startsWith('E_'));
    expect(sections).to.deep.equal(Object.keys(errorCodes));
  });

  for (const [code, meaning] of Object.entries(errorCodes) as [ErrorCode, string][]) {
    it(`tells of ${code} what ts/errors.ts does, and shows a message that really comes`, async () => {
      const section = sectionOf(text, code) ?? '';
      expect(section.toLowerCase()).to.include(meaning.toLowerCase());
      const error = await provoke(code);
      expect(error.code).to.equal(code);
      const shown = blocksOf(file, section).map((block) => block.text);
      expect(shown).to.deep.equal([`${error.message}\n`]);
    });
  }
});
