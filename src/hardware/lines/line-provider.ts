import type { Observable } from 'rxjs';
import type { LineIo } from './line-io.js';

/** A place that lines come from: the host's GPIO, a Firmata board, the bench. One johnny-five Board stands on each. */
export interface LineProvider {
  /** For people: `the host's GPIO`, `the Firmata board at usb-1.4`. */
  readonly name: string;
  /** Whether a line of this name is this provider's; touches nothing. */
  has(line: string): boolean;
  /** The plugin's pin for a line: `D7` is 7; the host's lines keep their names. */
  pinOf(line: string): string | number;
  /** The plugin, ready. Called when the first of its lines is opened, and again after it was rejected. Rejects with RELAY_UNAVAILABLE. */
  open(): Promise<LineIo>;
  /** Null while the lines work. Otherwise what is wrong, for people: a command leads nowhere, an input is not known. */
  readonly trouble: string | null;
  /**
   * `trouble`, whenever it changes. When it is null again, outputs are written again by `Lines`; modes and reporting of
   * inputs are the provider's to restore.
   */
  readonly changes: Observable<string | null>;
  /** Lets go; never waits. Outputs stay as they are where that can be had (R27). */
  close(): void;
}
