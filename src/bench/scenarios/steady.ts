import type { Scenario } from '../stage/run-plan.js';
import { check, checkDrives, checkFaults, commonChecks } from '../stage/run-record.js';
import { StateWatch } from '../stage/watching/state-watch.js';

const watches = new WeakMap<object, { readonly a: StateWatch; readonly b: StateWatch }>();

export const steady: Scenario = {
  name: 'steady',
  promise: 'every input answered once and in order; the state of the backup equals that of the primary at every step',
  runs: [
    {
      variant: '',
      plan: (stage) => {
        watches.set(stage, {
          a: new StateWatch(stage.uno('a'), stage.symbols),
          b: new StateWatch(stage.uno('b'), stage.symbols),
        });
      },
      checks: (run) => {
        const { a, b } = watches.get(run.stage) ?? { a: { states: [] }, b: { states: [] } };
        const differs = a.states.findIndex((state, index) => state !== b.states[index]);
        const inOrder = run.stage.client.sent.every(
          (input, index, all) =>
            index === 0 || (all[index - 1]?.answers[0]?.atUs ?? 0) <= (input.answers[0]?.atUs ?? 0),
        );
        return [
          ...commonChecks(run),
          check('answered in order', inOrder, 'an answer overtook another'),
          check(
            'both boards executed every input',
            a.states.length >= run.inputs && a.states.length === b.states.length,
            {
              a: a.states.length,
              b: b.states.length,
            },
          ),
          check('equal state after every execution', differs < 0, { step: differs }),
          checkDrives(run, 'a'),
          checkFaults(run),
        ];
      },
    },
  ],
};
