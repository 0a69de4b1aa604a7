// Boards and a contender, started anew for each run, with the load driven through them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env, execPath } from 'node:process';

const STARTS_WITHIN_MS = 90_000;
const ENDS_WITHIN_MS = 10_000;
/** Of what a program of the rig prints, so much is kept. */
const MOST_SAID = 1_000_000;

class Program {
  #said = '';

  constructor(command, words, environment) {
    this.child = spawn(command, words, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...env, ...environment } });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.#said = (this.#said + text).slice(-MOST_SAID);
        this.child.emit('said');
      });
    }
  }

  get said() {
    return this.#said;
  }

  /** Waits for a line. */
  async saying(pattern, what) {
    const limit = AbortSignal.timeout(STARTS_WITHIN_MS);
    for (;;) {
      const found = pattern.exec(this.#said);
      if (found !== null) return found[1];
      if (this.child.exitCode !== null || limit.aborted) throw new Error(`${what} did not start:\n${this.#said}`);
      await Promise.race([once(this.child, 'said', { signal: limit }), once(this.child, 'exit', { signal: limit })]);
    }
  }

  kill(signal) {
    this.child.kill(signal);
  }

  /** @returns its exit code */
  async end() {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
    const [code] = await ended;
    clearTimeout(late);
    return code;
  }
}

const loadWords = ({ count, inFlight, intervalUs }) => [count, inFlight, intervalUs];

/** Two boards, and the contender between them and an upstream port; it serves when this resolves. */
export async function startPair(contender, programs, environment = {}, { profileFolder, within = [] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'copycat-perf-'));
  const started = [];
  const start = (...what) => {
    const program = new Program(...what);
    started.push(program);
    return program;
  };
  const end = async () => {
    for (const program of started.toReversed()) await program.end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const { boards: kindOfBoards, boardWords = [] } = contender;
    const boards = [0x111, 0x222].map((unit) =>
      start(programs[kindOfBoards], boardWords, { COPYCAT_UNIT: String(unit) }),
    );
    const terminals = [];
    for (const board of boards) terminals.push(await board.saying(/^tty (\S+)\n/m, 'a board'));
    const [command, words] = contender.command(programs, ...terminals, folder);
    const isProfiled = profileFolder !== undefined && command === execPath;
    const flags = isProfiled ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`] : [];
    const [first, ...others] = [...within, command, ...flags, ...words];
    const between = start(first, others, environment);
    const port = await between.saying(/^listening (\S+)\n/m, contender.name);
    let load = null;
    return {
      boards,
      ledger: join(folder, 'ledger.sqlite'),
      said: () => between.said,
      isProtected: () => between.saying(/^(protected)$/m, contender.name),
      /** What load.c, or the contender's own load, measured. */
      drive: async (figures) => {
        const { program = 'load', wordsOf = loadWords } = contender.load ?? {};
        load = start(programs[program], [port, between.child.pid, ...wordsOf(figures)].map(String));
        const [code] = await once(load.child, 'close');
        if (code !== 0) throw new Error(`the load ended with ${code}: ${load.said}`);
        return JSON.parse(load.said);
      },
      endLoad: () => load?.kill('SIGKILL'),
      /** Something that runs until the pair ends; it has begun when it says so. */
      startBeside: (program, itsWords, pattern) => start(program, itsWords).saying(pattern, program),
      /**
       * Ends the contender in good order: not 0 is no measurement.
       * @returns how many inputs its boards have done, where it says so
       */
      finish: async () => {
        const code = await between.end();
        if (code !== 0) throw new Error(`${contender.name} ended with ${code}:\n${between.said.slice(-2000)}`);
        const carriedOut = /^carried out (\d+)$/m.exec(between.said)?.[1];
        return carriedOut === undefined ? null : Number(carriedOut);
      },
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * @param loads of each: `name`, `count`, `inFlight`, `intervalUs`; one after another on the same contender
 * @param profileFolder where a program in JavaScript leaves its profile (for Chromium's developer tools); none: not profiled
 * @returns what load.c measured, by the loads' names
 */
export async function runContender(contender, programs, loads, profileFolder = undefined) {
  const pair = await startPair(contender, programs, {}, { profileFolder });
  try {
    const results = {};
    for (const { name, ...load } of loads) results[name] = await pair.drive(load);
    const carriedOut = await pair.finish();
    const asked = loads.reduce((sum, { count }) => sum + count, 0);
    // An answer that is repeated from a ledger costs next to nothing, and looks like a very fast gateway.
    if (carriedOut !== null && carriedOut < asked) {
      throw new Error(`${contender.name} was asked for ${asked} inputs and has carried out ${carriedOut}`);
    }
    return results;
  } finally {
    await pair.end();
  }
}
