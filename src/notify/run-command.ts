import { type ChildProcess, spawn } from 'node:child_process';

/** One run of a person's command. */
export interface CommandRun {
  /** Program and arguments; no shell reads them. */
  readonly command: readonly string[];
  /** For its standard input. */
  readonly input: string;
  /** Beside what this process has in its own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** It is ended, with all that it has started, after so long. */
  readonly timeoutMs: number;
}

/** What became of it. */
export interface CommandEnd {
  /** It ended by itself, with exit code 0. */
  readonly ok: boolean;
  /** For a person: `exit code 7: curl: (7) Failed to connect`; empty when all went well. */
  readonly why: string;
}

/** What it says beyond that is dropped: the last of it tells most. */
const MOST_SAID_CHARACTERS = 500;
/** For what is still in its pipes when it has ended. */
const LAST_WORDS_MS = 1_000;

/** Runs a command in a session of its own, so that it can be ended with its children. Never rejects. */
export function runCommand({ command, input, environment, timeoutMs }: CommandRun): Promise<CommandEnd> {
  const [program = '', ...words] = command;
  return new Promise((resolve) => {
    let child: ChildProcess;
    try {
      child = spawn(program, words, { stdio: 'pipe', detached: true, env: { ...process.env, ...environment } });
    } catch (error) {
      // An argument or a text that no program can be given, such as one with a zero byte.
      resolve({ ok: false, why: `${program} cannot be run: ${messageOf(error)}` });
      return;
    }
    let said = '';
    let isLate = false;
    const hear = (chunk: Buffer): void => {
      said = (said + chunk.toString()).slice(-MOST_SAID_CHARACTERS);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    const timer = setTimeout(() => {
      isLate = true;
      endAll(child);
    }, timeoutMs);
    const end = (ok: boolean, why: string): void => {
      clearTimeout(timer);
      // Whatever it has left behind may hold them open for ever.
      child.stdout?.destroy();
      child.stderr?.destroy();
      child.stdin?.destroy();
      resolve({ ok, why });
    };
    child.once('error', (error) => end(false, `${program} cannot be run: ${error.message}`));
    child.once('exit', (code, signal) => {
      const over = (): void => {
        if (code === 0) end(true, '');
        else if (isLate) end(false, withWords(`did not end within ${timeoutMs / 1000} s and was ended`, said));
        else end(false, withWords(code === null ? `was ended by ${signal}` : `exit code ${code}`, said));
      };
      // What it said last may still be on its way here, and whoever it has left behind may never close its output.
      const lastWords = setTimeout(over, LAST_WORDS_MS);
      child.once('close', () => {
        clearTimeout(lastWords);
        over();
      });
    });
    child.stdin?.on('error', () => undefined); // it does not read: its exit code says what it thinks of that
    child.stdin?.end(input);
  });
}

/** With everything that it has started and that has not left its session. */
function endAll(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL'); // it has ended meanwhile, or has no group of its own yet
  }
}

function withWords(what: string, said: string): string {
  const words = said.replace(/\s+/g, ' ').trim();
  return words === '' ? what : `${what}: ${words}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
