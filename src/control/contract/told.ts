import { z } from 'zod';
import { faultSchema } from './fault.js';
import { statusSchema } from './status.js';
import { CONTRACT_VERSION } from './version.js';

/** What stands in everything that a command of the configuration is told. */
const common = {
  version: z.literal(CONTRACT_VERSION).meta({ description: 'Of the control contract.' }),
  pair: z.string().meta({ description: "The pair's name." }),
  test: z.boolean().meta({ description: 'copycat notify test: nothing has happened.' }),
  title: z.string().meta({ description: 'One line, for a subject or a lock screen.' }),
  text: z.string().meta({ description: 'All of it as a person reads it, in lines.' }),
};

/** How the pair stands, in the three things whose change is told. */
const standingSchema = z.strictObject({
  protected: z.boolean(),
  primary: z.string(),
  stopped: z.boolean(),
});

const CHANGES = ['protection', 'primary', 'stopped'] as const;

export const toldFaultSchema = z.strictObject({
  ...common,
  kind: z.literal('fault'),
  attempt: z.int().meta({ description: '1: the first time that this fault is told.' }),
  leftOut: z.int().meta({ description: 'Faults that were not told since the last that was: more than may wait.' }),
  fault: faultSchema.readonly().meta({ description: 'As copycat faults show --json prints it.' }),
});

export const toldChangeSchema = z.strictObject({
  ...common,
  kind: z.literal('change'),
  attempt: z.int(),
  changes: z.array(z.enum(CHANGES)).readonly().meta({
    description: 'What has changed since the last that was told, and may have changed back meanwhile.',
  }),
  before: standingSchema.readonly(),
  after: standingSchema.readonly(),
  status: statusSchema.readonly().meta({ description: 'As copycat status --json prints it.' }),
});

export const heartbeatSchema = z.strictObject({
  ...common,
  kind: z.literal('heartbeat'),
  now: standingSchema.readonly(),
  why: z.string().meta({ description: 'One sentence: why it is not protected, or "both boards agree".' }),
});

export type Standing = Readonly<z.infer<typeof standingSchema>>;
export type Change = (typeof CHANGES)[number];
export type ToldFault = Readonly<z.infer<typeof toldFaultSchema>>;
export type ToldChange = Readonly<z.infer<typeof toldChangeSchema>>;
export type Heartbeat = Readonly<z.infer<typeof heartbeatSchema>>;
export type Told = ToldFault | ToldChange | Heartbeat;
