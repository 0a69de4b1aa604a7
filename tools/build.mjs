// npm run build: compiles src to build, and bundles that to dist.
import { build } from './set-up.mjs';

process.exitCode = (await build()) ? 0 : 1;
