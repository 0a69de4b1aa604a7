import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface SentInput {
  readonly id: number;
  readonly payload: Uint8Array;
  readonly sentAtUs: number;
  readonly answers: ReceivedAnswer[];
  /** Its client no longer waits for it: the gateway has said that it will not be done. */
  isGivenUp: boolean;
}

export interface ReceivedAnswer {
  readonly atUs: number;
  readonly body: Uint8Array;
  /** Marked by the gateway as possibly given before (R23). */
  readonly repeat: boolean;
}

export interface BenchClientOptions {
  readonly inputs: number;
  /** Inputs sent and not answered at a time. */
  readonly inFlight: number;
  /** Emulated time from one input to the next, at least; 0: as soon as the answer is there. */
  readonly paceUs: number;
  readonly nextPayload: (id: number) => Uint8Array;
}

/** The time that a client lives in: emulated, or the machine's own. */
export interface BenchTime {
  nowUs(): number;
  /** Calls once at `atUs`; returns a function that cancels. */
  at(atUs: number, then: () => void): () => void;
}

/** Whoever uses the pair: sends inputs over TCP, keeps what came back, and asks again after a lost connection (R23). */
export class BenchClient {
  readonly sent: SentInput[] = [];
  /** Called at every answer, with how many inputs are answered by then. */
  onAnswer: (answered: number, atUs: number) => void = () => undefined;
  /** What the gateway refused, as it said it. */
  readonly errors: string[] = [];
  lastProgressUs = 0;
  #socket: Socket | null = null;
  #answered = 0;
  #nextAtUs = 0;
  #cancelPace: (() => void) | null = null;
  #paused = false;

  constructor(
    private readonly world: BenchTime,
    private readonly options: BenchClientOptions,
  ) {}

  get answered(): number {
    return this.#answered;
  }

  get isFinished(): boolean {
    return this.#answered >= this.options.inputs;
  }

  /** Connects (again); everything unanswered is asked again under its own id. */
  async connect(address: string): Promise<void> {
    const { hostname, port } = new URL(address);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    // A gateway that is killed resets its connections: that is the world's, and told by what stays unanswered.
    socket.on('error', (error) => this.errors.push(error.message));
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => this.#receive(line));
    // The interface passes the socket's errors on; they are kept above.
    lines.on('error', () => undefined);
    this.#socket = socket;
    this.lastProgressUs = this.world.nowUs();
    for (const input of this.sent) if (input.answers.length === 0 && !input.isGivenUp) this.#write(input);
    this.#sendMore();
  }

  disconnect(): void {
    this.#cancelPace?.();
    this.#socket?.destroy();
    this.#socket = null;
  }

  /** Sends nothing new until `resume`; answers still come in. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#sendMore();
  }

  /** Waits no longer for this one, and goes on with the next. */
  giveUp(id: number): void {
    const input = this.sent[id - 1];
    if (input === undefined || input.answers.length > 0 || input.isGivenUp) return;
    input.isGivenUp = true;
    this.#answered++;
    this.#sendMore();
  }

  /** Asks once more for an answer that has not come (R23). */
  askAgain(id: number): void {
    const input = this.sent[id - 1];
    if (input !== undefined) this.#write(input);
  }

  #sendMore(): void {
    this.#cancelPace?.();
    this.#cancelPace = null;
    while (this.#socket !== null && !this.#paused && this.sent.length < this.options.inputs) {
      if (this.sent.length - this.#answered >= this.options.inFlight) return;
      const nowUs = this.world.nowUs();
      if (nowUs < this.#nextAtUs) {
        this.#cancelPace = this.world.at(this.#nextAtUs, () => this.#sendMore());
        return;
      }
      this.#nextAtUs = nowUs + this.options.paceUs;
      const id = this.sent.length + 1;
      const input: SentInput = {
        id,
        payload: this.options.nextPayload(id),
        sentAtUs: nowUs,
        answers: [],
        isGivenUp: false,
      };
      this.sent.push(input);
      this.#write(input);
    }
  }

  #write(input: SentInput): void {
    const payload = Buffer.from(input.payload).toString('hex');
    this.#socket?.write(`${JSON.stringify({ id: input.id, payload })}\n`);
  }

  #receive(line: string): void {
    const message = JSON.parse(line) as { id?: unknown; payload?: unknown; repeat?: unknown; error?: unknown };
    const input = typeof message.id === 'number' ? this.sent[message.id - 1] : undefined;
    if (input === undefined || typeof message.payload !== 'string') {
      this.errors.push(line);
      return;
    }
    const atUs = this.world.nowUs();
    if (input.answers.length === 0) {
      this.#answered++;
      this.lastProgressUs = atUs;
    }
    input.answers.push({ atUs, body: Buffer.from(message.payload, 'hex'), repeat: message.repeat === true });
    this.onAnswer(this.#answered, atUs);
    this.#sendMore();
  }
}
