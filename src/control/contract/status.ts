import { z } from 'zod';
import { namedValueSchema } from './named-value.js';
import { portStatusSchema } from './port-status.js';
import { updateStatusSchema } from './update-status.js';

const counters = z.record(z.string(), z.number()).readonly();

const values = z.array(namedValueSchema.readonly()).readonly();

/** Of the inputs that were answered last, from when the gateway had taken them. */
const latencySchema = z.strictObject({
  medianMs: z.number(),
  worstMs: z.number(),
  of: z.int().meta({ description: 'So many answers are looked at: 100 at most.' }),
});

/** What the newest input was, by the names of its fields. */
const lastInputSchema = z.strictObject({
  seq: z.int(),
  ageMs: z.int().meta({ description: 'Since the gateway had it.' }),
  values,
});

/** What a board computed, read and put out last, in its own words; null: nothing yet, or nothing of it has a name. */
const liveValuesSchema = z.strictObject({
  seq: z.int().meta({ description: 'The input that it is the result of.' }),
  ageMs: z.int().meta({ description: 'Since the gateway had it.' }),
  values,
  readings: values.exactOptional().meta({
    description: 'What it read for itself meanwhile. Absent where none has a name, and from older gateways.',
  }),
  outputs: values.exactOptional().meta({
    description:
      'What its outputs showed right after it had acted last. Absent where none has a name, and from older gateways.',
  }),
  rejected: z
    .boolean()
    .exactOptional()
    .meta({ description: 'True: the sketch would not have this input (cc_reject).' }),
});

/** Who is connected and gives inputs, and what was refused since the start. */
const clientsStatusSchema = z.strictObject({
  open: z.int(),
  most: z.int().meta({ description: 'More are not taken at a time.' }),
  connections: z.int().meta({ description: 'All there were.' }),
  refused: z.int().meta({
    description: 'Not taken, because all the others were at work, or the system had none left.',
  }),
  gaveWay: z.int().meta({ description: 'Idle ones that were ended so that a new one could be taken.' }),
  cutOff: z.int().meta({ description: 'Ended because they did not read their answers.' }),
  badLines: z.int().meta({ description: 'Lines that are no request.' }),
  askedAgain: z.int().exactOptional().meta({
    description:
      'Requests that were asked again while the first was unanswered: done once. Absent from older gateways.',
  }),
  withheldAnswers: z.int().exactOptional().meta({
    description:
      'Modbus on a line: answers that came too late, and would have been taken for those to another request. Absent from older gateways.',
  }),
});

/** What of the log did not get to whoever reads it (R32). */
const logStatusSchema = z.strictObject({
  droppedLines: z.int(),
  trouble: z.string().nullable().meta({ description: 'What keeps lines from getting there now; null: nothing.' }),
});

/** One command of the configuration that tells somebody (docs/notify.md). */
const tellingStatusSchema = z.strictObject({
  command: z.string().meta({ description: 'Its key: on-fault, on-change or heartbeat.' }),
  told: z.int().meta({ description: 'Calls that went well since the start.' }),
  waiting: z.int(),
  leftOut: z.int().meta({ description: 'What will never be told: more than may wait, or longer than a day.' }),
  trouble: z.string().nullable().meta({ description: 'Why the last call failed; null: it did not.' }),
});

/** How much the relay has moved in all its life, as the ledger has kept it. */
const relayWearSchema = z.strictObject({
  operations: z.int(),
  ratedOperations: z.int().meta({ description: 'relay.rated-operations: how many it is good for.' }),
  provedForMs: z.number().nullable().meta({
    description: 'Since its feedback last showed a move from one board to the other; null: never.',
  }),
  skippedTests: z.int().meta({
    description: 'Tests by relay.prove-every that were due while the pair was not protected.',
  }),
});

const nextStepSchema = z.strictObject({
  text: z.string(),
  commands: z
    .array(z.string())
    .readonly()
    .meta({ description: 'Commands of Copycat that do it, without its own name: inputs show 42.' }),
});

/** Faults that nobody has closed, as the ledger has them; planned events are none. */
const openFaultsSchema = z.strictObject({
  open: z.int(),
  newest: z
    .strictObject({ id: z.int(), title: z.string(), wallTime: z.string().meta({ description: 'ISO 8601.' }) })
    .readonly()
    .nullable()
    .meta({ description: 'Null: none is open.' }),
});

/** On its way into the pair (R25). */
const joiningStatusSchema = z.strictObject({
  step: z.string(),
  done: z.int().meta({ description: 'Progress of this step: bytes, inputs or comparisons.' }),
  of: z.int().meta({ description: '0: not counted.' }),
  note: z.string().exactOptional().meta({ description: 'What there is to know of it besides.' }),
});

const boardStatusSchema = z.strictObject({
  board: z.string(),
  role: z.enum(['primary', 'backup', 'third copy', 'joining', 'locked out', 'set aside', 'kept out']),
  joining: joiningStatusSchema.readonly().nullable(),
  image: z.int().nullable().meta({
    description: 'Hash of the program it last said that it runs; null: it has said nothing yet.',
  }),
  link: z.string(),
  port: portStatusSchema.readonly().nullable().exactOptional().meta({
    description: 'Null: nothing is known of it, as of a third copy or before its first opening.',
  }),
  session: z.int(),
  behind: z.int().meta({ description: 'Inputs it has not acted on yet.' }),
  live: liveValuesSchema.readonly().nullable().exactOptional(),
  counters,
  kind: z
    .strictObject({
      name: z.string(),
      notKnown: z
        .array(z.string())
        .readonly()
        .meta({ description: 'Clauses: what nobody has said of boards of this kind (docs/boards.md).' }),
    })
    .readonly()
    .exactOptional()
    .meta({ description: 'Absent for a third copy, and from older gateways.' }),
});

/** A promise that is not kept for this pair, because its boards cannot do what it takes. */
const notHeldSchema = z.strictObject({
  rules: z.array(z.string()).readonly().meta({ description: 'Their numbers (docs/rules.md): R7.' }),
  what: z.string().meta({ description: 'A sentence without its end.' }),
});

/** What `copycat status` shows: a snapshot of a running gateway. */
export const statusSchema = z.strictObject({
  name: z.string(),
  phase: z.string(),
  protected: z.boolean(),
  why: z.string().meta({ description: 'One sentence: why it is not protected, or "both boards agree".' }),
  next: nextStepSchema.readonly().nullable().meta({
    description: 'What a person can do about it; null when nothing has to be done.',
  }),
  primary: z.string(),
  epoch: z.int(),
  boards: z
    .array(boardStatusSchema.readonly())
    .readonly()
    .meta({ description: 'The pair, and the third copy where there is one.' }),
  update: updateStatusSchema.readonly().nullable().meta({
    description: 'A firmware update that is under way, or has failed; null: none.',
  }),
  relay: z
    .strictObject({
      kind: z.enum(['wired', 'emulated', 'none']).exactOptional().meta({
        description:
          'emulated: it exists only in the gateway, and nothing is switched. none: there is no relay. Absent from older gateways, whose relays are wired.',
      }),
      fence: z.enum(['reset', 'nothing']).exactOptional().meta({
        description:
          'Without a relay: what keeps an old primary from acting. reset: it is held in RESET. nothing: no actuator is switched.',
      }),
      commanded: z.string().meta({ description: 'The board that has the actuator; without a relay, the primary.' }),
      proved: z.boolean(),
      wear: relayWearSchema.readonly().exactOptional().meta({
        description: 'Absent from gateways before this was counted.',
      }),
    })
    .readonly(),
  warnings: z.array(z.string()).readonly().meta({
    description: "Said when the wiring cannot hold a locked-out board off without the gateway's power (R13).",
  }),
  notHeld: z.array(notHeldSchema.readonly()).readonly().exactOptional().meta({
    description:
      'Of boards with firmware of their own (docs/protocols.md). Absent where all rules hold, and from older gateways.',
  }),
  ledger: z
    .strictObject({
      path: z.string(),
      recordedToDisk: z.boolean(),
      why: z.string().nullable().meta({
        description: 'What is not recorded to disk, and why (R17); null: everything is.',
      }),
      waiting: z.int(),
    })
    .readonly(),
  log: logStatusSchema.readonly().exactOptional().meta({
    description: 'Absent where nothing is known of it: from older gateways, and those on emulated boards.',
  }),
  telling: z.array(tellingStatusSchema.readonly()).readonly().exactOptional().meta({
    description: 'Absent where nobody is to be told, and from older gateways.',
  }),
  inputs: z
    .strictObject({
      pending: z.int(),
      answered: z.int(),
      rejected: z
        .int()
        .exactOptional()
        .meta({ description: 'Of the answered: those that the sketch would not have (cc_reject).' }),
      refused: z.int(),
      quarantined: z.array(z.int()).readonly().meta({
        description: 'Seqs on which two boards have failed, oldest first: a person decides what becomes of them (R22).',
      }),
    })
    .readonly(),
  faults: openFaultsSchema.readonly().exactOptional().meta({
    description:
      'Read in the ledger by whoever tells the status, and not by the gateway; absent where it cannot be read.',
  }),
  clients: clientsStatusSchema.readonly().exactOptional().meta({
    description: 'Of inputs over a network or a socket; absent where there are none, and from older gateways.',
  }),
  latency: latencySchema.readonly().nullable().exactOptional().meta({
    description: 'How long inputs take; null: none was answered yet. Absent from older gateways.',
  }),
  lastInput: lastInputSchema.readonly().nullable().exactOptional().meta({
    description: 'Null: there was none yet. Absent where no field of an input has a name, and from older gateways.',
  }),
  counters,
  coreAgeMs: z.int().exactOptional().meta({
    description:
      'For how long the core has not taken a step that was due; 0: it takes them all. To it comes how old this answer is. Absent from older gateways.',
  }),
  upMs: z.int(),
});

export type Latency = Readonly<z.infer<typeof latencySchema>>;
export type LiveValues = Readonly<z.infer<typeof liveValuesSchema>>;
export type ClientsStatus = Readonly<z.infer<typeof clientsStatusSchema>>;
export type OpenFaults = Readonly<z.infer<typeof openFaultsSchema>>;
export type TellingStatus = Readonly<z.infer<typeof tellingStatusSchema>>;
export type LogStatus = Readonly<z.infer<typeof logStatusSchema>>;
export type RelayWear = Readonly<z.infer<typeof relayWearSchema>>;
export type NextStep = Readonly<z.infer<typeof nextStepSchema>>;
export type JoiningStatus = Readonly<z.infer<typeof joiningStatusSchema>>;
export type BoardStatus = Readonly<z.infer<typeof boardStatusSchema>>;
export type Status = Readonly<z.infer<typeof statusSchema>>;
