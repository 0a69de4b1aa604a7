/**
 * The process beside the gateway that runs a person's commands (R32): starting a program stops the thread that does it for
 * a moment, and a large process for longer. It runs what its input asks for, line by line, and says what became of it. When
 * the gateway is gone it lets end what is under way, each in its time, and ends.
 */
import { getPriority, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { type RunEnded, runWantedFrom } from './notify-messages.js';
import { runCommand } from './run-command.js';

/** The gateway may have been given more than others (Nice=-5 of the service): its children are to have less. */
const LEAST_PRIORITY = 10;

if (getPriority() < LEAST_PRIORITY) setPriority(LEAST_PRIORITY);

let underWay = 0;
let isOver = false;

function endIfDone(): void {
  if (isOver && underWay === 0) process.exit(0);
}

// Nobody hears any more: what is under way is still done.
process.stdout.on('error', () => undefined);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const wanted = runWantedFrom(line);
    if (wanted === null) return;
    underWay++;
    void runCommand(wanted).then((end) => {
      const ended: RunEnded = { number: wanted.number, ...end };
      process.stdout.write(`${JSON.stringify(ended)}\n`);
      underWay--;
      endIfDone();
    });
  })
  .on('close', () => {
    isOver = true;
    endIfDone();
  });
