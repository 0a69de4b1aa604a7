import { readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WORDS } from '../../src/console/page/words.js';
import { CHROMIUM, ConsoleStage } from '../../tools/console-stage.mjs';
import { removePairFolder } from '../remove-pair-folder.js';
import { until } from '../until.js';

/** The page in a browser, before a running emulated pair. One story: each test goes on where the one before has ended. */

const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const MOST_FIRST_BYTES = 60_000;
const WIDE = { width: 1440, height: 900 };

const OVEN = 'oven';
const stage = new ConsoleStage([OVEN]);
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** What the browser complained of: a script that failed, something that the page's own rules forbid. */
const complaints: string[] = [];

beforeAll(async () => {
  const [started] = await Promise.all([chromium.launch(CHROMIUM), stage.begin()]);
  browser = started;
  context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce' });
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource|ERR_/.test(message.text()))
      complaints.push(message.text());
  });
});
afterAll(async () => {
  stage.signalCore(OVEN, 'SIGCONT');
  await browser?.close();
  await stage.close();
  removePairFolder(stage.folder);
});

const standing = (of: keyof typeof WORDS.standing) => page.waitForSelector(`main.${of}`);
const fault = (title: string | RegExp) => page.locator('.fault-rows a', { hasText: title });

/** What axe-core finds on the page as it stands. */
async function foundByAxe(): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe;
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  });
}

interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Presses Tab until what is wanted has the focus. */
async function tabTo(wanted: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    if ((await page.locator(`${wanted}:focus`).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${wanted}`);
}

describe('the page of the console', () => {
  it('says PROTECTED, and weighs less than 60 kB before it does', async () => {
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const sizes = new Map<string, number>();
    const urls = new Map<string, string>();
    session.on('Network.responseReceived', ({ requestId, response }) => urls.set(requestId, response.url));
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
      sizes.set(requestId, encodedDataLength),
    );
    await page.goto(stage.url);
    await standing('protected');
    await page.waitForSelector('.plot canvas');
    expect([...urls.values()].filter((url) => !url.startsWith(stage.url))).toEqual([]);
    const files = [...sizes].filter(([id]) => !urls.get(id)?.includes('/api/'));
    const bytes = (which: (url: string) => boolean) =>
      files.filter(([id]) => which(urls.get(id) ?? '')).reduce((sum, [, size]) => sum + size, 0);
    const first = bytes((url) => !url.includes('live-plot'));
    expect(first).toBeGreaterThan(10_000);
    expect(first).toBeLessThan(MOST_FIRST_BYTES);
    // What draws the plots comes later, in a file of its own.
    expect(bytes((url) => url.includes('live-plot'))).toBeGreaterThan(10_000);
    expect(await page.title()).toContain(WORDS.standing.protected);
    expect(await page.locator('.hero-standing').textContent()).toBe(WORDS.standing.protected);
    await session.detach();
  });

  it('shows who drives, how far the backup is, and values of both boards by name', async () => {
    expect(await page.locator('.figures').textContent()).toContain(WORDS.figures.board('a'));
    await page.getByText(WORDS.drawing.drivenBy('a')).waitFor();
    await page.getByText(WORDS.drawing.behind(0), { exact: true }).first().waitFor();
    const duty = page.locator('.values tbody tr', { hasText: 'duty' });
    expect(await duty.locator('.value').allTextContents()).toEqual([
      expect.stringMatching(/^\d+$/),
      expect.stringMatching(/^\d+$/),
    ]);
    expect(await foundByAxe()).toEqual([]);
  });

  it('R32: shows a takeover by itself, in words, shape and the log', async () => {
    const answer = await stage.typed(OVEN, 'try halt a');
    expect(answer).toContain('b drives');
    await standing('unprotected');
    await page.locator('svg.standing-icon.unprotected').first().waitFor();
    await page.getByText(WORDS.drawing.drivenBy('b')).waitFor();
    await page.locator('.figures', { hasText: WORDS.figures.board('b') }).waitFor();
    await fault('board a stopped answering').waitFor();
    // The same for whoever hears the page.
    await page.locator('[aria-live=assertive]', { hasText: WORDS.standing.unprotected }).waitFor();
    expect(await foundByAxe()).toEqual([]);
  });

  it('tells the story of a fault, and is right in the dark and on a phone', async () => {
    await fault('board a stopped answering').click();
    await page.locator('.story .timeline', { hasText: 'board b took over' }).waitFor();
    expect(await page.locator('.story').textContent()).toContain('Board a was declared failed and locked out');
    expect(await foundByAxe()).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await foundByAxe()).toEqual([]);
    // Nothing is wider than the phone.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize(WIDE);
  });

  it('lets a fault be found and closed by keyboard alone, with a name and a note', async () => {
    await page.goto(`${stage.url}#/`);
    await page.reload();
    await fault('board a stopped answering').waitFor();
    await page.locator('body').focus();
    await tabTo('.skip');
    await page.keyboard.press('Enter');
    await tabTo('.fault-rows a');
    await page.keyboard.press('Enter');
    await page.locator('.story .timeline').waitFor();
    await tabTo('.to-close');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type('loose plug, put back');
    await tabTo('.close button[type=submit]');
    await page.keyboard.press('Enter');
    await page.getByText(WORDS.close.done(1)).waitFor();
    await page.locator('.closed-by', { hasText: 'Ada' }).waitFor();
    const closed = JSON.parse(await stage.typed(OVEN, 'faults show 1 --json'));
    expect(closed).toMatchObject({
      closedAt: expect.any(String),
      closedBy: expect.stringMatching(/^Ada /),
      note: 'loose plug, put back',
    });
  });

  it('asks before it has anything done, and says what became of it', async () => {
    await stage.typed(OVEN, 'try release');
    await standing('protected');
    await page.getByRole('button', { name: WORDS.actions.switch.label }).click();
    await page.getByRole('dialog').waitFor();
    // A hasty key does nothing.
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.locator('.asked li').count()).toBe(0);
    await page.getByRole('button', { name: WORDS.actions.switch.label }).click();
    await page.getByRole('button', { name: WORDS.actions.confirm }).click();
    await page.locator('.asked li.done').waitFor();
    await page.getByText(WORDS.drawing.drivenBy('a')).waitFor();
  });

  it('R32: is STALE while the gateway stands still, and fresh again after', async () => {
    // Where the switchover has ended, and can be asked for again: what stands then is what stays.
    await standing('protected');
    await page.getByRole('button', { name: WORDS.actions.switch.label }).waitFor();
    stage.signalCore(OVEN, 'SIGSTOP');
    await standing('stale');
    await page.locator('.hero-standing', { hasText: WORDS.standing.stale }).waitFor();
    expect(await page.title()).toContain(WORDS.standing.stale);
    expect(await page.getByRole('button', { name: WORDS.actions.switch.label }).isDisabled()).toBe(true);
    expect(await foundByAxe()).toEqual([]);
    stage.signalCore(OVEN, 'SIGCONT');
    await standing('protected');
  });

  it('R32: is STALE without its server, and has missed no fault when that is back', async () => {
    const before = await page.locator('.fault-rows li').count();
    await stage.closeConsole();
    await standing('stale');
    await stage.typed(OVEN, 'try restart b');
    await stage.openConsole();
    await standing('protected');
    const told = JSON.parse(await stage.typed(OVEN, 'faults list --all --json')) as { event: boolean }[];
    const faults = told.filter(({ event }) => !event).length;
    expect(faults).toBeGreaterThan(before);
    await until(async () => (await page.locator('.fault-rows li').count()) === faults);
  });

  it('R32: is right again after its tab has slept', async () => {
    const session = await context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await stage.typed(OVEN, 'try halt a');
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await standing('unprotected');
    await page.getByText(WORDS.drawing.drivenBy('b')).waitFor();
  });

  it('says STOPPED when it is so, offers what lets it go on, and never complained', async () => {
    await stage.typed(OVEN, 'try halt b');
    await standing('stopped');
    expect(await page.locator('.figures').textContent()).toContain(WORDS.figures.nobody);
    await page.getByRole('button', { name: WORDS.actions.resume.label, exact: true }).waitFor();
    expect(await foundByAxe()).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
