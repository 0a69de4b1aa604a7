import { EventEmitter } from 'node:events';
import type { Observable } from 'rxjs';

/** One opening of the Firmata board's port, from open to close; whoever opens serial ports hands it in. */
export interface FirmataStream {
  /** Hot: subscribe before the next turn of the event loop. */
  readonly bytes: Observable<Uint8Array>;
  /** False when the bytes were dropped. */
  write(bytes: Uint8Array): boolean;
  /** The reason, once; never rejects. */
  readonly closed: Promise<string>;
  /** Never waits. */
  close(): void;
}

/** A stream as firmata-io wants its transport. What is written to a stream that has ended is dropped. */
export class FirmataTransport extends EventEmitter {
  constructor(private readonly stream: FirmataStream) {
    super();
    stream.bytes.subscribe((bytes) => this.emit('data', bytes));
  }

  write(bytes: Uint8Array, done?: () => void): void {
    this.stream.write(bytes);
    done?.();
  }
}
