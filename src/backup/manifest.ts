import { z } from 'zod';

/** Changes whenever a reader has to know more than the one before. */
export const BACKUP_FORMAT = 1;
export const MANIFEST = 'manifest.json';

const fileSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)?$/)
    .meta({ description: 'In the archive.' }),
  kind: z.enum(['configuration', 'ledger', 'journal', 'image', 'board', 'tokens']),
  /** From the folder of the configuration, or from the root. */
  place: z.string().min(1),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const manifestSchema = z.strictObject({
  format: z.int(),
  madeAt: z.iso.datetime(),
  /** As `copycat --version` says it. */
  madeBy: z.string(),
  pair: z.string(),
  ledgerSchema: z.int(),
  notes: z.array(z.string()),
  files: z.array(fileSchema).min(1),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type BackedUpFile = z.infer<typeof fileSchema>;
