import { z } from 'zod';

/** A named condition of a port (docs/ports.md). */
const portTroubleSchema = z.strictObject({
  /** `not-there`, `taken`, `permission-denied`, … */
  name: z.string(),
  text: z.string(),
  remedy: z.string(),
});

/** A board's port, for people. */
export const portStatusSchema = z.strictObject({
  device: z.string().nullable().meta({ description: 'What is open: /dev/ttyACM0; null: nothing is.' }),
  place: z.string().nullable().meta({ description: 'usb-1.2; null when it is on no USB, or not known.' }),
  trouble: portTroubleSchema.readonly().nullable(),
  latency: z
    .array(z.string())
    .readonly()
    .meta({ description: 'What was found and done about its latency when it was opened.' }),
});

export type PortTrouble = Readonly<z.infer<typeof portTroubleSchema>>;
export type PortStatus = Readonly<z.infer<typeof portStatusSchema>>;
