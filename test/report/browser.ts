import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { skipUnless } from '../support/skips.js';

const executablePath = process.env.SPIQ_CHROMIUM ?? '/usr/bin/chromium';
/** There a missing browser fails the launch instead of being skipped. */
const inCi = process.env.CI === 'true';
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface Shown {
  readonly html: () => string | Promise<string>;
  readonly figures: number;
  /** Figures whose numbers can be unfolded as a table. */
  readonly tables: number;
}

/** A browser for the cases of a `describe`; call it there. */
export function browserForCases(): () => Browser {
  let browser: Browser | undefined;
  before(async function () {
    skipUnless(this, existsSync(executablePath) || inCi, 'no Chromium: SPIQ_CHROMIUM names it');
    browser = await chromium.launch({ executablePath, args });
  });
  after(async () => {
    await browser?.close();
  });
  return () => browser!;
}

/** The cases of a page, in a `describe` of its own. */
export function itFitsBrowsers({ html, figures, tables }: Shown): void {
  const browserOf = browserForCases();
  let folder: string | undefined;
  let address: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spiq-page-'));
    const file = join(folder, 'report.html');
    writeFileSync(file, await html());
    address = pathToFileURL(file).href;
  });

  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1280]) {
      it(`is quiet, whole and fits at ${width} px in the ${colorScheme} scheme`, async () => {
        const page = await browserOf().newPage({ viewport: { width, height: 900 }, colorScheme });
        const messages: string[] = [];
        const requests: string[] = [];
        page.on('console', (message) => messages.push(message.text()));
        page.on('pageerror', (error) => messages.push(error.message));
        page.on('request', (request) => requests.push(request.url()));
        await page.goto(address);

        expect(await widthOf(page)).to.equal(width);
        await expectFiguresVisible(page, figures);
        for (const summary of await page.locator('summary').all()) await summary.click();
        expect(await page.locator('details[open]').count()).to.equal(tables);
        expect(await widthOf(page)).to.equal(width);
        expect(await paperLuminance(page)).to.satisfy(
          colorScheme === 'light' ? (value: number) => value > 230 : (value: number) => value < 50,
        );
        // The address of the page itself, and the icon, which is empty and lies inside it.
        expect(requests.filter((url) => url !== address && !url.startsWith('data:'))).to.deep.equal(
          [],
        );
        expect(messages).to.deep.equal([]);
        await page.close();
      });
    }
  }
}

/** Exactly one of a figure's two drawings shows, inside its frame, with readable text and coloured marks. */
async function expectFiguresVisible(page: Page, count: number): Promise<void> {
  const figures = await page.locator('figure').all();
  expect(figures).to.have.length(count);
  for (const figure of figures) {
    const frame = await boxOf(figure);
    const drawing = figure.locator(':scope > svg:visible');
    expect(await drawing.count()).to.equal(1);
    const box = await boxOf(drawing);
    expectInside(box, frame);
    expect(box.width).to.be.above(280);
    expect(box.height).to.be.above(180);
    const texts = await Promise.all((await drawing.locator('text').all()).map(boxOf));
    expect(texts).to.not.be.empty;
    for (const text of texts) {
      expectInside(text, frame);
      expect(text.height, 'height of a line of text in px').to.be.above(11);
    }
    // Two series and the axes at least: var() in the drawing was resolved.
    const selector = `#${await figure.getAttribute('id')} > svg.${await drawing.getAttribute('class')}`;
    expect(await paintsOf(page, selector)).to.have.length.at.least(3);
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function boxOf(locator: Locator): Promise<Box> {
  const box = await locator.boundingBox();
  expect(box).to.not.equal(null);
  return box as Box;
}

function expectInside(inner: Box, outer: Box): void {
  expect(inner.x).to.be.at.least(outer.x);
  expect(inner.x + inner.width).to.be.at.most(outer.x + outer.width);
}

// Code for the browser stands in strings: its types would otherwise become known to the whole package.

async function widthOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth');
}

/** The different opaque colours of a drawing's marks, as the browser resolved them. */
async function paintsOf(page: Page, selector: string): Promise<string[]> {
  const paints = await page.evaluate<string[]>(`[...document.querySelectorAll('${selector} path')]
    .map((path) => getComputedStyle(path))
    .flatMap(({ fill, stroke }) => [fill, stroke])`);
  return [...new Set(paints)].filter((paint) => paint.startsWith('rgb('));
}

/** Mean of the page background's red, green and blue. */
async function paperLuminance(page: Page): Promise<number> {
  const paint = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const channels = [...paint.matchAll(/\d+/g)].map(([digits]) => Number(digits));
  return channels.reduce((a, b) => a + b, 0) / channels.length;
}
