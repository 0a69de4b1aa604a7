import type { Config } from '../../../config/config.js';
import type { WireEnd } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { addResistor } from './add-resistor.js';
import { isFirmataLine, lineEnd, readingSupply } from './line-end.js';

/** A second pole that tells where the contact is: `from` is switched to `to`. */
export interface FeedbackPole {
  readonly from: WireEnd;
  readonly to: WireEnd;
}

/** From the second poles to the lines that read them (R13). */
export function addFeedbacks(builder: NetlistBuilder, config: Config, poles: readonly FeedbackPole[]): void {
  for (const [channel, pole] of poles.entries()) {
    const line = config.relay.feedbacks[channel];
    if (line !== undefined) addFeedback(builder, config, line, pole, channel);
  }
}

function addFeedback(builder: NetlistBuilder, config: Config, line: string, pole: FeedbackPole, channel: number): void {
  const { feedbackActiveLow, feedbackPull } = config.relay;
  const { feedbackFrom } = config.wiring;
  const end = lineEnd(builder, line);
  if (feedbackActiveLow) {
    builder.detail('feedback-pole-low');
    builder.ground(pole.from);
    builder.wire(pole.to, end, 'feedback', `${line}: low when the contact is closed`);
    if (feedbackPull === 'none') {
      const { one, two } = addResistor(builder, `pull-${line.toLowerCase()}`, 'pull-up 10 kΩ', 2);
      builder.wire(one, pole.to, 'feedback', 'holds the line while the contact is open');
      readingSupply(builder, line, two, 'never 5 V at a pin of the Pi');
    }
    return;
  }
  if (feedbackFrom === 'host') readingSupply(builder, line, pole.from, 'never 5 V at a pin of the Pi');
  else builder.fiveVolts(pole.from, feedbackFrom === '5v' ? 'NOT LIKE THIS: 5 V' : 'goes to the divider alone');
  if (feedbackFrom === '5v-divided') {
    builder.detail('feedback-pole-divided');
    addDivider(builder, `divider-${channel + 1}`, pole.to, end, line);
    return;
  }
  builder.detail(isFirmataLine(line) ? 'feedback-pole-board' : 'feedback-pole');
  builder.wire(pole.to, end, 'feedback', `${line}: high when the contact is closed`);
  if (feedbackPull === 'none') {
    const { one, two } = addResistor(builder, `pull-${line.toLowerCase()}`, 'pull-down 10 kΩ', 2);
    builder.wire(one, pole.to, 'feedback', 'holds the line while the contact is open');
    builder.ground(two);
  }
}

/** 5 V become 3.3 V; with nothing at its input it pulls the line down. */
export function addDivider(
  builder: NetlistBuilder,
  id: string,
  from: WireEnd | string,
  to: WireEnd,
  line: string,
): void {
  builder.part({
    id,
    kind: 'stage',
    title: 'Divider 5 V → 3.3 V',
    note: '10 kΩ and 20 kΩ',
    column: 2,
    terminals: [
      { id: 'in', label: '5 V in', side: 'left' },
      { id: 'out', label: '3.3 V out', side: 'right' },
      { id: 'gnd', label: 'GND', side: 'right' },
    ],
  });
  builder.detail('divider');
  builder.wire(from, `${id}.in`, 'feedback', 'a 5 V level');
  builder.wire(`${id}.out`, to, 'feedback', `${line}: a 3.3 V level`);
  builder.ground(`${id}.gnd`);
}
