// The pictures of docs/console.md: a real console before emulated pairs, and hands that break them. Takes about four minutes,
// because the plots of the first one are to be full.
//   node tools/console-pictures.mjs
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { CHROMIUM, ConsoleStage } from './console-stage.mjs';
import { ROOT } from './run-program.mjs';

const FOLDER = join(ROOT, 'docs/console');
const WIDE = { width: 1280, height: 1120 };
const PHONE = { width: 390, height: 844 };
/** It stands in the commands that the page shows. */
const PAIRS = '/tmp/pairs';
const FULL_PLOTS_MS = 125_000;

mkdirSync(FOLDER, { recursive: true });
const stage = new ConsoleStage(['oven', 'kiln'], PAIRS);
const browser = await chromium.launch(CHROMIUM);
try {
  await stage.begin();
  const page = await browser.newPage({ viewport: WIDE, reducedMotion: 'reduce' });
  const phone = await browser.newPage({ viewport: PHONE, reducedMotion: 'reduce' });
  for (const one of [page, phone]) await one.goto(`${stage.url}#/oven`);
  await page.locator('main.protected').waitFor();

  // A switch and back, so that it is known since when who drives, and that the relay has moved.
  await stage.typed('oven', 'relay test');
  await stage.typed('oven', 'try analog a A0 330');
  await pause(FULL_PLOTS_MS / 2);
  await stage.typed('oven', 'try release');
  await pause(FULL_PLOTS_MS / 2);
  await page.locator('main.protected').waitFor();
  await take(page, 'protected');
  await page.emulateMedia({ colorScheme: 'dark' });
  await take(page, 'protected-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await take(phone, 'protected-phone');
  await page.getByRole('button', { name: 'Switch over' }).click();
  await page.getByRole('dialog').waitFor();
  await take(page, 'confirm', page.locator('dialog'));
  await page.keyboard.press('Escape');

  await stage.typed('oven', 'try halt a');
  await page.locator('main.unprotected').waitFor();
  await take(page, 'not-protected');
  await take(phone, 'not-protected-phone');
  const newest = page.locator('.fault-rows a', { hasText: 'stopped answering' });
  await newest.click();
  await page.locator('.story .timeline').waitFor();
  await take(page, 'story', page.locator('.faults'));
  await phone.locator('.fault-rows a', { hasText: 'stopped answering' }).click();
  await phone.locator('.story .timeline').waitFor();
  await take(phone, 'story-phone');

  await stage.typed('kiln', 'try halt a');
  await stage.typed('kiln', 'try halt b');
  await page.goto(`${stage.url}#/kiln`);
  await page.locator('main.stopped').waitFor();
  await take(page, 'stopped');
  stage.signalCore('kiln', 'SIGSTOP');
  await page.locator('main.stale').waitFor();
  await pause(3000);
  await take(page, 'stale');
  stage.signalCore('kiln', 'SIGCONT');
} finally {
  await browser.close();
  await stage.close();
  rmSync(stage.folder, { recursive: true, force: true });
}

/** What is seen, or one part of the page, whole. */
async function take(page, name, part = page) {
  // The pointer changes what it is over.
  await page.mouse.move(0, 0);
  // A press scrolls to what is pressed; a story is where it has the focus.
  if (part === page && name !== 'story-phone') await page.evaluate('scrollTo(0, 0)');
  await pause(700);
  await part.screenshot({ path: join(FOLDER, `${name}.png`) });
  console.log(`docs/console/${name}.png`);
}
