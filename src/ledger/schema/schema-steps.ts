import { CONSTRAINTS_1, SCHEMA_1 } from './schema-1.js';
import { SCHEMA_2 } from './schema-2.js';
import { SCHEMA_3 } from './schema-3.js';
import { SCHEMA_4 } from './schema-4.js';
import { SCHEMA_5 } from './schema-5.js';

/**
 * Step n brings a file from version n to n + 1. A step that has been released is never changed again, and each changes the schema,
 * be it by a comment: by its schema a file is known whose header is damaged.
 */
export const STEPS: readonly string[] = [SCHEMA_1 + CONSTRAINTS_1, SCHEMA_2, SCHEMA_3, SCHEMA_4, SCHEMA_5];

export const SCHEMA_VERSION = STEPS.length;

/** Marks a file as a ledger of ours: "CpyC". */
export const APPLICATION_ID = 0x43707943;
