import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** The repository's own folder: every tool works from here, wherever it was called. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Runs a program to its end. `onLine` hears every line of its output and errors; without it the program writes to our
 * own streams. With a `niceness` above 0 it, and all that it starts, leaves processors to others. Gives its exit code (1 when it died of a `signal` or could not be started) and all its output.
 */
export function runProgram(command, args, { onLine, env, niceness = 0, cwd = ROOT } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: onLine === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    if (niceness > 0 && child.pid !== undefined) setPriority(child.pid, niceness);
    const lines = [];
    const listen = (stream) => {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (text) => {
        const parts = (rest + text).split('\n');
        rest = parts.pop();
        for (const line of parts) take(line);
      });
      stream.on('end', () => {
        if (rest !== '') take(rest);
      });
    };
    const take = (line) => {
      lines.push(line);
      onLine(line);
    };
    if (onLine !== undefined) {
      listen(child.stdout);
      listen(child.stderr);
    }
    child.on('error', (error) => {
      lines.push(`${command}: ${error.message}`);
      resolve({ code: 1, lines, missing: error.code === 'ENOENT' });
    });
    child.on('close', (code, signal) => resolve({ code: code ?? 1, signal, lines, missing: false }));
  });
}

/** Path of a program that npm put into node_modules, run with this very node. */
export function toolPath(packageFile) {
  return `${ROOT}node_modules/${packageFile}`;
}
