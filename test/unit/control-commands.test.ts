import { describe, expect, it } from 'vitest';
import { OperatorCommands } from '../../src/gateway/operator/commands.js';
import type { PairEvent } from '../../src/pair/state/events.js';
import { ManualClock } from './manual-clock.js';

function operatorCommands() {
  const clock = new ManualClock();
  const happened: PairEvent[] = [];
  return { clock, happened, operatorCommands: new OperatorCommands(clock, (event) => happened.push(event)) };
}

describe('what people ask for, on its way to the core and back', () => {
  it('asks the core under a name of its own and gives each asker its own outcome', async () => {
    const { clock, happened, operatorCommands: commands } = operatorCommands();
    const switched = commands.ask({ command: 'switch' });
    const dropped = commands.ask({ command: 'drop', seq: 42 });
    expect(happened).toEqual([
      { type: 'commandAsked', ref: 'command:1', command: 'switch' },
      { type: 'commandAsked', ref: 'command:2', command: 'drop', seq: 42 },
    ]);
    commands.answer({ type: 'commandRefused', ref: 'command:2', why: 'input 42 is not quarantined' });
    commands.answer({ type: 'commandDone', ref: 'command:1', outcome: 'board b drives' });
    expect(await switched).toEqual({ done: 'board b drives' });
    expect(await dropped).toEqual({ refused: 'input 42 is not quarantined' });
    expect(clock.alarms).toBe(0);
  });

  it('hears an answer that the core gives at once', async () => {
    const clock = new ManualClock();
    const commands: OperatorCommands = new OperatorCommands(clock, (event) => {
      if (event.type === 'commandAsked')
        commands.answer({ type: 'commandRefused', ref: event.ref, why: 'nothing is stopped' });
    });
    expect(await commands.ask({ command: 'resume' })).toEqual({ refused: 'nothing is stopped' });
    expect(clock.alarms).toBe(0);
  });

  it('says after its limit that it is still under way, and minds neither a late answer nor an unknown one', async () => {
    const { clock, operatorCommands: commands } = operatorCommands();
    const rejoined = commands.ask({ command: 'rejoin', board: 'b' });
    clock.advance(14_999_999);
    clock.advance(1);
    expect(await rejoined).toEqual({ underWay: 'still under way: see copycat status' });
    commands.answer({ type: 'commandDone', ref: 'command:1', outcome: 'too late' });
    commands.answer({ type: 'commandDone', ref: 'command:99', outcome: 'never asked' });
    expect(clock.alarms).toBe(0);
  });

  it('R6: has at most sixteen open, and room again when one has ended', async () => {
    const { happened, operatorCommands: commands } = operatorCommands();
    const open = Array.from({ length: 16 }, () => commands.ask({ command: 'switch' }));
    expect(await commands.ask({ command: 'switch' })).toEqual({
      refused: expect.stringContaining('under way already'),
    });
    expect(happened).toHaveLength(16);
    commands.answer({ type: 'commandDone', ref: 'command:1', outcome: 'board b drives' });
    await open[0];
    void commands.ask({ command: 'resume' });
    expect(happened).toHaveLength(17);
  });

  it('leaves nobody waiting when the gateway ends', async () => {
    const { clock, operatorCommands: commands } = operatorCommands();
    const switched = commands.ask({ command: 'switch' });
    commands.close();
    expect(await switched).toEqual({ underWay: 'the gateway ended before it was done' });
    expect(clock.alarms).toBe(0);
  });
});
