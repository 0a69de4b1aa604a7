import type { Config } from '../../../config/config.js';
import { channelsOf, hasRelay, outputOf } from '../channels.js';
import type { Meaning, Terminal } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { boardPart } from './add-boards.js';
import { addCoil } from './add-coil.js';
import { addDeadMan, deadManReleases } from './add-dead-man.js';
import { addFeedbacks, type FeedbackPole } from './add-feedbacks.js';
import { addLoad } from './add-load.js';
import { addMultiplexer } from './add-multiplexer.js';
import { addWithoutRelay } from './add-without-relay.js';

/** What hands the actuator over, what drives it, how it is proved, and the actuator. */
export function addRelays(builder: NetlistBuilder, config: Config): void {
  const channels = channelsOf(config);
  addDeadMan(builder, config);
  if (!hasRelay(config)) {
    addWithoutRelay(builder, config);
    return;
  }
  if (config.relay.kind === 'mux') {
    addMultiplexer(builder, config);
    return;
  }
  const poles: FeedbackPole[] = [];
  for (let channel = 0; channel < channels; channel++) poles.push(...addChannel(builder, config, channel));
  addLoad(builder, config, (channel) =>
    config.relay.kind === 'two-relays'
      ? config.boards.map(({ board }) => `${relayPart(channel, board)}.com`)
      : [`${relayPart(channel, null)}.com`],
  );
  addFeedbacks(builder, config, poles);
}

function relayPart(channel: number, board: string | null): string {
  return board === null ? `relay-${channel + 1}` : `relay-${channel + 1}-${board}`;
}

/** One channel; gives the second poles that are there for feedback. */
function addChannel(builder: NetlistBuilder, config: Config, channel: number): readonly FeedbackPole[] {
  const { relay, boards } = config;
  const suffix = channelsOf(config) === 1 ? '' : ` ${channel + 1}`;
  const output = outputOf(config, channel).toLowerCase();
  const proved = channel < relay.feedbacks.length;
  const alwaysSupplied = !deadManReleases(config);
  const out = (board: string) => `${boardPart(board)}.${output}`;
  const meaning = (board: string): Meaning => (board === boards[0].board ? 'output-first' : 'output-second');
  if (relay.kind === 'two-relays') {
    const poles: FeedbackPole[] = [];
    for (const [index, { board }] of boards.entries()) {
      const part = relayPart(channel, board);
      // The line is high while the contact stands at the second board: its relay has the pole.
      const hasPole = proved && index === 1;
      addRelayPart(
        builder,
        config,
        part,
        `Relay K${channel + 1}${board.toUpperCase()}: board ${board}`,
        hasPole ? 'NO contacts, two poles' : 'NO contact',
        {
          contacts: [
            ['no', `NO: ${board}`],
            ['com', 'COM'],
          ],
          hasPole,
        },
      );
      builder.wire(out(board), `${part}.no`, meaning(board));
      addCoil(builder, config, {
        relay: part,
        coil: '',
        line: relay.pinsOf[board]?.[channel] ?? 'emulated',
        title: `K${channel + 1}${board.toUpperCase()}`,
        alwaysSupplied,
      });
      if (hasPole) poles.push(poleOf(part));
    }
    return poles;
  }
  const rest = boards.find(({ board }) => board === relay.atRest) ?? boards[0];
  const other = rest === boards[0] ? boards[1] : boards[0];
  const part = relayPart(channel, null);
  const isLatching = relay.kind === 'latching';
  addRelayPart(
    builder,
    config,
    part,
    `Relay K${channel + 1}${suffix === '' ? '' : ` (channel${suffix})`}`,
    isLatching ? 'latching, two coils, 5 V' : `changeover${proved ? ', two poles' : ''}, 5 V coil`,
    {
      contacts: isLatching
        ? [
            ['nc', `1: ${boards[0].board}`],
            ['no', `2: ${boards[1].board}`],
            ['com', 'COM'],
          ]
        : [
            ['nc', `NC: ${rest.board}`],
            ['no', `NO: ${other.board}`],
            ['com', 'COM'],
          ],
      hasPole: proved,
    },
  );
  // The coil that leads to a board is the one that its line pulses; a changeover rests on NC.
  const [onNc, onNo] = isLatching ? boards : [rest, other];
  builder.wire(out(onNc.board), `${part}.nc`, meaning(onNc.board));
  builder.wire(out(onNo.board), `${part}.no`, meaning(onNo.board));
  if (isLatching && relay.pins.length === 0) {
    for (const { board } of boards) {
      addCoil(builder, config, {
        relay: part,
        coil: `${board}`,
        line: relay.pinsOf[board]?.[channel] ?? 'emulated',
        title: `K${channel + 1} to ${board}`,
        alwaysSupplied,
      });
    }
  } else {
    addCoil(builder, config, {
      relay: part,
      coil: '',
      line: relay.pins[channel] ?? 'emulated',
      title: `K${channel + 1}`,
      alwaysSupplied,
    });
  }
  return proved ? [poleOf(part)] : [];
}

interface RelayShape {
  readonly contacts: readonly (readonly [id: string, label: string])[];
  readonly hasPole: boolean;
}

function addRelayPart(
  builder: NetlistBuilder,
  config: Config,
  id: string,
  title: string,
  note: string,
  { contacts, hasPole }: RelayShape,
): void {
  const poles: Terminal[] = hasPole
    ? [
        { id: 'no2', label: 'NO (pole 2)', side: 'right' },
        { id: 'com2', label: 'COM (pole 2)', side: 'right' },
      ]
    : [];
  builder.part({
    id,
    kind: 'relay',
    title,
    note: config.wiring.relayModule.startsWith('opto') ? `${note}; module with opto-coupler` : note,
    column: 1,
    terminals: [...contacts.map(([terminal, label]): Terminal => ({ id: terminal, label, side: 'left' })), ...poles],
  });
}

function poleOf(part: string): FeedbackPole {
  return { from: { part, terminal: 'no2' }, to: { part, terminal: 'com2' } };
}
