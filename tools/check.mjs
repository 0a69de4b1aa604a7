// npm run check: everything that is checked without running anything. Builds first: docs/config.md comes from the schema.
import { runChecks } from './checks.mjs';
import { setUp } from './set-up.mjs';

if (await setUp()) {
  const counts = await runChecks();
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
} else {
  process.exitCode = 1;
}
