// What the generators share: files are written, or with --check on the command line compared.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ROOT } from './run-program.mjs';

/** Which of these files (texts, by path from the root) are missing or different. */
export function staleFiles(files) {
  return Object.keys(files).filter((file) => {
    const path = `${ROOT}${file}`;
    return !existsSync(path) || readFileSync(path, 'utf8') !== files[file];
  });
}

/** Writes the stale ones; with --check tells them instead, with the command that writes them, and the exit code is 1. */
export function writeOrCheck(files, command) {
  const isCheck = process.argv.includes('--check');
  for (const file of staleFiles(files)) {
    if (isCheck) console.log(`${file} is stale: ${command} writes it anew`);
    else writeFileSync(`${ROOT}${file}`, files[file]);
    if (isCheck) process.exitCode = 1;
  }
}
