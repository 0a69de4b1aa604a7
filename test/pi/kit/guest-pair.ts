import type { GuestShell } from './guest-shell.js';

export type BoardName = 'a' | 'b';

/** The port that inputs come in through, in the guest. */
const PORT = 7400;
/** What it would compile anew to make it faster, the emulator translates anew: that takes longer than it saves. */
const COPYCAT = 'node --no-opt --no-sparkplug /opt/copycat/dist/cli/main.js';
/** Node in an emulated processor takes its time: half a minute of a processor to itself, several where others want it too. */
const START_LIMIT_MS = 600_000;
/** What a shell says of a process that SIGKILL has ended. */
const KILLED = 128 + 9;
/** Set point 160.0, measured 159.9 degrees: each input moves the heater's integrator by one, so that it counts inputs. */
const COUNTING_PAYLOAD = '40063f06';

/** The configuration in the guest; the ledger is on the SD card, and a board's deadline bears an emulator that stalls. */
export const pairYaml = (onGatewayDeath: 'hold' | 'release'): string => `name: pi
boards:
  a: { kind: posix, port: /run/board-a }
  b: { kind: posix, port: /run/board-b }
relay: { pin: GPIO17, at-rest: a, settle: 30ms, on-gateway-death: ${onGatewayDeath} }
input: tcp://127.0.0.1:${PORT}
deadline: 2s
probe: 300ms
ledger: { path: /data/copycat.sqlite }
control: /run/copycat.sock
`;

export interface Answered {
  readonly id: number;
  /** How many inputs the answering board had counted with this one. */
  readonly count: number;
  readonly isRepeat: boolean;
}

/** Two boards and a gateway as processes in the guest, and a client that talks to it. */
export class GuestPair {
  #lastId = 0;

  constructor(private readonly shell: GuestShell) {}

  /** Both boards, as programs behind pseudo-terminals. */
  async startBoards(): Promise<void> {
    for (const board of ['a', 'b'] as const) {
      const at = `/run/board-${board}`;
      // The sleep keeps the command line's fifo open: a board that reads its end would have nobody to listen to.
      await this.shell.run(
        `mkfifo ${at}.in && { sleep 100000 >${at}.in & } ; heater <${at}.in >${at}.out 2>&1 & echo $! >${at}.pid`,
      );
      await this.shell.until(`grep -q '^tty ' ${at}.out`, 10_000);
      await this.shell.run(`ln -s $(sed -n 's/^tty //p' ${at}.out) ${at}`);
    }
  }

  /** The gateway's process; waits for nothing. */
  async startGateway(): Promise<void> {
    await this.shell.run(`${COPYCAT} run -c /data/pair.yaml >/run/gateway.log 2>&1 & echo $! >/run/gateway.pid`);
  }

  /** Until the gateway says that the pair is protected, and that this board drives. */
  async whenProtected(primary: BoardName): Promise<void> {
    await this.whenSaid(`"PROTECTED.*board ${primary} drives`);
  }

  /** Until the gateway says that this board drives, protected or not. */
  async whenDriving(primary: BoardName): Promise<void> {
    await this.whenSaid(`board ${primary} drives`);
  }

  /** Waits for a line of the gateway; not for longer than it lives. */
  private async whenSaid(pattern: string): Promise<void> {
    const isSaid = `grep -qE '${pattern}' /run/gateway.log`;
    await this.shell.until(`{ ${isSaid} || ! [ -d /proc/$(cat /run/gateway.pid) ]; }`, START_LIMIT_MS);
    if ((await this.shell.ask(isSaid)).status !== 0) throw new Error(`the gateway ended: ${await this.log()}`);
  }

  /** SIGKILL, and not before the process is gone. */
  async killGateway(): Promise<void> {
    // The guest's shell is its parent: what it waits for has closed every file.
    const { status } = await this.shell.ask('gateway=$(cat /run/gateway.pid); kill -9 $gateway && wait $gateway');
    if (status !== KILLED) throw new Error(`the gateway was to be killed and ended with ${status}`);
  }

  /** A board's program stops where it is and keeps its pins, as a hung board does. */
  async hang(board: BoardName): Promise<void> {
    await this.shell.run(`kill -STOP $(cat /run/board-${board}.pid)`);
  }

  /** A client connects; what it is answered is kept in the guest. */
  async connect(): Promise<void> {
    await this.shell.run(
      `rm -f /run/asked; mkfifo /run/asked; : >/run/answers; nc 127.0.0.1 ${PORT} </run/asked >/run/answers & exec 4>/run/asked`,
    );
  }

  /** Sends so many inputs without waiting for their answers. */
  async send(count: number): Promise<void> {
    const from = this.#lastId + 1;
    this.#lastId += count;
    const line = `echo "{\\"id\\":$id,\\"payload\\":\\"${COUNTING_PAYLOAD}\\"}" >&4`;
    await this.shell.run(`id=${from}; while [ $id -le ${this.#lastId} ]; do ${line}; id=$((id + 1)); done`);
  }

  /** Every answer of this connection, once there are so many of them. */
  async answers(count: number): Promise<readonly Answered[]> {
    await this.shell.until(`[ $(wc -l </run/answers) -ge ${count} ]`, 120_000);
    const lines = (await this.shell.run('cat /run/answers')).trim().split('\n');
    return lines.map((line) => {
      const answer = JSON.parse(line) as { id: number; payload?: string; repeat?: boolean };
      // duty, trip, integrator: the last four bytes, least significant first.
      const integrator = Buffer.from(answer.payload?.slice(4) ?? '', 'hex');
      const counted = integrator.length === 4 ? integrator.readUInt32LE() : Number.NaN;
      return { id: answer.id, count: counted, isRepeat: answer.repeat === true };
    });
  }

  /** What the gateway has written for people. */
  async log(): Promise<string> {
    return await this.shell.run('cat /run/gateway.log');
  }
}
