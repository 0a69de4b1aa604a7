// The page that the console shows, into the folder `page` of dist: its scripts, one style sheet, its icons. Nothing is fetched
// from elsewhere, and nothing stands in the page itself, so that its rules (Content-Security-Policy) need no exception.
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { ROOT } from './run-program.mjs';

const UPLOT_CSS = join(ROOT, 'node_modules/uplot/dist/uPlot.min.css');
export const PAGE = join(ROOT, 'src/console/page');

/** Writes it, and gives the files that its scripts were made of. */
export async function bundlePage(folder) {
  mkdirSync(folder, { recursive: true });
  const bundled = await rolldown({
    input: { main: join(PAGE, 'main.tsx') },
    platform: 'browser',
    tsconfig: join(PAGE, 'tsconfig.json'),
    resolve: { extensionAlias: { '.js': ['.tsx', '.ts', '.js'] } },
  });
  const { output } = await bundled.write({
    dir: folder,
    format: 'esm',
    minify: true,
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
  });
  await bundled.close();
  const own = readdirSync(join(PAGE, 'css')).sort();
  const sheets = [UPLOT_CSS, ...own.map((name) => join(PAGE, 'css', name))];
  writeFileSync(join(folder, 'page.css'), sheets.map((sheet) => readFileSync(sheet, 'utf8')).join(''));
  cpSync(join(PAGE, 'index.html'), join(folder, 'index.html'));
  for (const icon of readdirSync(join(PAGE, 'icons'))) cpSync(join(PAGE, 'icons', icon), join(folder, icon));
  return output.flatMap(({ modules }) => Object.keys(modules ?? {}));
}
