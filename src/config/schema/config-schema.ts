import { z } from 'zod';
import { consoleKeys } from './console-schema.js';
import { parseDuration } from './duration.js';
import { input } from './input-schema.js';
import { alarm, firmata, gpio, relay, stop } from './lines-schema.js';
import { inputField, OUTPUTS, output, resultField, source } from './named-values-schema.js';
import { command, heartbeat } from './notify-schema.js';
import { boards } from './pair-boards-schema.js';
import { protocolSchema } from './protocol/protocol-schema.js';
import { DURATION, duration, group, oneOf, positiveDuration, shortName, text, wholeNumber } from './schema-parts.js';
import { wiring } from './wiring-schema.js';

/**
 * The one schema of the configuration file: validation, defaults, JSON Schema and docs/config.md come from it. The error
 * message of every rule is what was expected, as the second half of a sentence; explain-issue.ts adds key, line and value.
 */

const ledger = group(
  {
    path: text('the path of a file', 'The SQLite file. Relative to this file.').default('copycat.sqlite'),
    durability: oneOf(
      ['process', 'power'],
      'process: the hot journal is in memory and survives a killed gateway. power: every commit waits for the disk.',
    ).default('process'),
    journal: text(
      'the path of a folder',
      "Folder of the hot journal with durability process: on a tmpfs, and the gateway's user's alone. Left out: /dev/shm/copycat-UID, where UID is that user's number.",
    ).optional(),
    'keep-inputs': wholeNumber(0, 1_000_000_000, 'Finished inputs kept.').default(100_000),
    'keep-faults': wholeNumber(1, 1_000_000, 'Faults kept.').default(1000),
  },
  'the keys of the ledger: { path: copycat.sqlite }',
  'Where inputs, results and faults are kept.',
);

const join = group(
  {
    comparisons: wholeNumber(
      1,
      10_000,
      'Inputs on which a board that joins must agree with the primary before it counts as protecting the pair.',
    ).default(3),
    patience: duration(
      'A busy primary has no pause in which its state can be read: after this long its inputs are held for one.',
    ).prefault('1s'),
  },
  'the keys of joining: { comparisons: 3, patience: 1s }',
  'How a board comes into the pair: at the first start, after a repair, after it restarted.',
);

const commit = group(
  {
    needs: oneOf(
      ['primary', 'both'],
      'Whose agreement a result needs before the primary may act on it: nobody else’s (the fastest, and the greatest availability; a wrong output is noticed one step later), or that of another copy (a wrong result never reaches the actuator, at the price of another round trip).',
    ).default('primary'),
    'if-alone': oneOf(
      ['go-on', 'hold'],
      'Where results need both and there is no other copy: go on unprotected, or act on nothing until another copy is there.',
    ).default('go-on'),
  },
  'the keys needs and if-alone',
  'When a result counts.',
);

const flapping = group(
  {
    limit: wholeNumber(
      0,
      1000,
      'A board that leaves the pair by faults more often than this is intermittent: it stays out for some minutes, the longer the more often it left, or until copycat rejoin lets it in. 0: it waits for copycat rejoin each time.',
    ).default(2),
    within: positiveDuration('In this time a fault comes to count half.').prefault('10min'),
    permanent: wholeNumber(
      1,
      1000,
      'More often than this, counted over six times as long, it is permanent: kept out until copycat rejoin lets it in. 64 or more: never.',
    ).default(5),
  },
  'the keys of flapping: { limit: 2, within: 10min, permanent: 5 }',
  'When a board that keeps failing and coming back is let in by itself: at once, after a rest, or not any more.',
);

const switchover = group(
  {
    drain: positiveDuration(
      'Longest time that copycat switch waits until both boards are done with what was accepted; then it gives up and nothing has changed.',
    ).prefault('2s'),
  },
  'the keys of a switchover: { drain: 2s }',
  'A planned change of the primary.',
);

const thirdCopy = group(
  {
    image: text('the path of a .hex file', 'What the boards run, relative to this file. heater.hex comes along.'),
    id: shortName()
      .meta({ description: 'What the third copy is called where boards have their names.' })
      .default('third'),
  },
  'the keys of the third copy: { image: heater.hex }',
  'The same firmware once more, in an emulator on this host: it tells who is wrong when two results differ, and is never given the actuator.',
);

export const configSchema = group(
  {
    name: shortName().meta({ description: 'What this pair is called.' }).default('pair'),
    boards,
    relay,
    gpio: gpio.prefault({}),
    firmata: firmata.optional(),
    alarm: alarm.optional(),
    stop: stop.prefault({}),
    wiring: wiring.prefault({}),
    protocol: protocolSchema.optional(),
    input,
    deadline: positiveDuration(
      'How long a board and its wire may take for one input before the board is declared failed. Needed for boards that run the firmware harness; of others the profile says it (protocol.deadline).',
    ).optional(),
    probe: z
      .string({ error: `${DURATION}, or off` })
      .regex(/^(off|\d+(?:\.\d+)?(us|ms|s|min))$/, { error: `${DURATION}, or off` })
      .transform((said) => parseDuration(said) ?? 0)
      .meta({ description: 'An idle board is tried this long after its last sign of work; off: never.' })
      .prefault('1s'),
    'max-pending': wholeNumber(
      1,
      4096,
      'Inputs accepted and not yet done; more are refused with a clear answer.',
    ).default(64),
    'max-lag': wholeNumber(1, 65_536, 'Inputs the backup may be behind before it is set aside.').default(256),
    'max-window': wholeNumber(1, 16, 'Most inputs in work at a board, whatever it says it can take.').default(8),
    'on-mismatch': oneOf(
      ['alarm', 'switch', 'stop'],
      'What to do when two results differ and nothing tells who is wrong: go on and say so, hand over, or stop.',
    ).default('alarm'),
    'self-tests': oneOf(
      ['on-mismatch', 'never'],
      'Whether the boards are asked to test their flash, memory and processor, beside their work, when two results differ and nothing else tells who is wrong. That takes a second or two, in which the primary goes on. Default: on-mismatch where the policy is alarm, never where it is switch or stop.',
    ).optional(),
    'third-copy': thirdCopy.optional(),
    commit: commit.prefault({}),
    'catch-up': duration('Longest time a takeover waits for the backup to catch up before the relay moves.').prefault(
      '200ms',
    ),
    join: join.prefault({}),
    flapping: flapping.prefault({}),
    switchover: switchover.prefault({}),
    ledger: ledger.prefault({}),
    control: text(
      'the path of a socket',
      'Where copycat status and the other commands reach the running gateway. Default: beside the ledger, ending in .sock.',
    ).optional(),
    'on-fault': command(
      'Called once for every fault, with its story as JSON on its standard input (docs/notify.md). No shell reads it; a relative path begins at the folder of this file.',
    ).optional(),
    'on-change': command(
      'Called when the pair is protected or not any more, when another board drives, and when it stops or goes on, with how it stands as JSON.',
    ).optional(),
    heartbeat: heartbeat.optional(),
    console: consoleKeys.optional(),
    fields: group(
      {
        input: z
          .array(inputField, { error: 'a list of fields' })
          .meta({ description: 'Values in the payload of an input.' })
          .default([]),
        result: z
          .array(resultField, { error: 'a list of fields' })
          .meta({ description: 'Values in the result of a board. What no field names is compared exactly.' })
          .default([]),
        state: z
          .array(inputField, { error: 'a list of fields' })
          .meta({
            description:
              'Values in the state of the sketch, to tell by their names what changed in a memory. Default: those that CC_STATE has put into the image (firmware).',
          })
          .default([]),
      },
      'the keys input, result and state',
      'Names for values, so that faults are told in degrees and not in bytes, and what is plausible of them. Default: those of an image that comes along.',
    ).prefault({}),
    sources: z
      .array(source, { error: 'a list of sources' })
      .meta({
        description:
          'What the boards read for themselves (cc_read), in the order in which an input reads them. Default: those of an image that comes along.',
      })
      .optional(),
    outputs: z
      .union(
        [
          oneOf(['none'], 'The boards only measure: there is nothing that is switched.'),
          z.array(output, { error: OUTPUTS }).max(8, { error: OUTPUTS }),
        ],
        { error: OUTPUTS },
      )
      .meta({
        description:
          'What the sketch puts out (cc_output), in the order of its numbers, so that copycat inputs names the levels. Default: those of an image that comes along. none: the boards only measure and answer; no actuator hangs on them, and with relay: none nothing is switched at a takeover.',
      })
      .optional(),
    'drift-readings': wholeNumber(
      1,
      1000,
      'So many readings in a row must differ by more than their tolerance before it is a fault, and agree before it is over.',
    ).default(3),
  },
  'a mapping with the keys boards, relay, input and deadline',
  'Configuration of one pair.',
);

/** What a valid file holds, in its own spelling, defaults filled in. */
export type ConfigFile = z.output<typeof configSchema>;
