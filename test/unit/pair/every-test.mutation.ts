// All tests of the core as one file: for thousands of mutants the modules are then loaded once each, and not a dozen times.
import { readdirSync } from 'node:fs';

for (const file of readdirSync(import.meta.dirname).sort()) {
  if (file.endsWith('.test.ts')) await import(/* @vite-ignore */ `./${file}`);
}
