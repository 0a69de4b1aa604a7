#!/usr/bin/env node
// What is run. Nothing that an old Node cannot read may stand here, and nothing may be imported but where the version is known to be
// right: an old Node reads every file that is imported before it runs the first line, and ends with a SyntaxError that tells nobody
// what to do. (The version: package.json, engines; doctor/checks/host/node.ts.)
const NEEDED = { major: 20, minor: 19 };
const [MAJOR = 0, MINOR = 0] = process.versions.node.split('.').map(Number);

if (MAJOR > NEEDED.major || (MAJOR === NEEDED.major && MINOR >= NEEDED.minor)) {
  import('./command-line.js').catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
} else {
  console.error(
    `copycat: Node ${process.versions.node} (${process.execPath}) is too old: Copycat needs Node ${NEEDED.major}.${NEEDED.minor} or newer (docs/getting-started.md says how to get it)`,
  );
  process.exitCode = 2;
}
