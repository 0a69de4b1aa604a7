// One run of one contender: boards and contender are started anew, the load is driven through them, and all are ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';

const STARTS_WITHIN_MS = 90_000;
const ENDS_WITHIN_MS = 10_000;

/** What a process of the rig printed, until a line of it matches. */
async function lineOf(child, pattern, what) {
  let text = '';
  return await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`${what} did not start:\n${text}`)), STARTS_WITHIN_MS);
    const take = (chunk) => {
      text += chunk;
      const found = pattern.exec(text);
      if (found === null) return;
      clearTimeout(late);
      resolve(found[1]);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`${what} ended with ${code}:\n${text}`));
    });
  });
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  const [code] = await ended;
  clearTimeout(late);
  return code;
}

async function driveLoad(program, words) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`the load ended with ${code}: ${text}`);
  return JSON.parse(text);
}

/**
 * @param loads of each: `name`, `count`, `inFlight`, `intervalUs`; one after another on the same contender, warmed up before
 * @param profileFolder where a program in JavaScript leaves its profile (for Chromium's developer tools); none: not profiled
 * @returns what load.c measured, by the loads' names
 */
export async function runContender(contender, programs, loads, profileFolder = undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-perf-'));
  const children = [];
  const start = (program, words, environment = {}) => {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...env, ...environment } });
    children.push(child);
    return child;
  };
  try {
    const terminals = [];
    for (const unit of [0x111, 0x222]) {
      const board = start(programs[contender.boards], [], { COPYCAT_UNIT: String(unit) });
      terminals.push(await lineOf(board, /^tty (\S+)\n/m, 'a board'));
      board.stdout.resume();
    }
    const [program, words] = contender.command(programs, ...terminals, folder);
    const flags =
      profileFolder !== undefined && program === execPath ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
    const process = start(program, [...flags, ...words]);
    const port = await lineOf(process, /^listening (\d+)\n/m, contender.name);
    const results = {};
    for (const { name, count, inFlight, intervalUs } of loads) {
      results[name] = await driveLoad(programs.load, [port, process.pid, count, inFlight, intervalUs].map(String));
    }
    const code = await end(process);
    if (code !== 0) throw new Error(`${contender.name} ended with ${code}`);
    return results;
  } finally {
    for (const child of children.toReversed()) await end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}
