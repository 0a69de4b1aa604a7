import type { Abilities } from '../../../pair/result/board-wire.js';
import { isProgramOfHost } from '../../board-facts.js';
import type { Config } from '../../config.js';
import { rulesNotHeld } from '../../rules-not-held.js';
import type { Finding } from '../finding.js';

/** What boards of these abilities cannot do, and what a configuration asks of them in vain. Nothing for boards that run the firmware harness. */
export function checkAbilities(config: Config, abilities: Abilities): readonly Finding[] {
  return [
    ...checkFence(config, abilities),
    ...checkSelfTests(config, abilities),
    ...checkThird(config, abilities),
    ...checkAgreement(config, abilities),
    ...rulesNotHeld(abilities).map(
      ({ rules, what, instead }): Finding => ({
        severity: 'note',
        key: 'protocol',
        message: `${rules.join(', ')} ${rules.length === 1 ? 'does' : 'do'} not hold: ${what}`,
        remedy: instead,
      }),
    ),
  ];
}

/** R13: who acts unasked is kept from acting by what outside of it is switched. `relay: none` without RESET is refused as the file is read. */
function checkFence({ relay, boards, switchesNothing }: Config, { commit }: Abilities): readonly Finding[] {
  if (commit || switchesNothing || relay.kind !== 'emulated') return [];
  if (boards.every(({ port, facts }) => port.type === 'emulated' || isProgramOfHost(facts))) return [];
  return [
    {
      severity: 'error',
      key: 'relay',
      message:
        'the relay is emulated and switches nothing: these boards act on every write, and nothing keeps an old primary from acting',
      remedy:
        'name the lines of a relay (relay: { pin: GPIO17, at-rest: a }), or say relay: none and wire the RESET of both boards, or say outputs: none where they only measure',
    },
  ];
}

/** R19 */
function checkSelfTests({ selfTests }: Config, { digest }: Abilities): readonly Finding[] {
  if (digest || !selfTests) return [];
  return [
    {
      severity: 'error',
      key: 'self-tests',
      message: 'boards of this protocol have no self-test that the gateway could ask for',
      remedy:
        'say self-tests: never, or leave it out; who of two is wrong is told by protocol.written of a slave, or by a person',
    },
  ];
}

function checkThird({ thirdCopy }: Config, { identity }: Abilities): readonly Finding[] {
  if (identity || thirdCopy === null) return [];
  return [
    {
      severity: 'error',
      key: 'third-copy',
      message: 'a third copy runs the firmware harness, and these boards run firmware of their own',
      remedy:
        'leave third-copy out: who of two such boards is wrong is told by protocol.written of a slave, or by a person',
    },
  ];
}

/** R7: agreement that comes after the act. */
function checkAgreement({ commit: { needs } }: Config, { commit }: Abilities): readonly Finding[] {
  if (commit || needs !== 'both') return [];
  return [
    {
      severity: 'warning',
      key: 'commit.needs',
      message:
        'commit: { needs: both } holds back the answer and not the act: a board of this protocol acts as soon as it is asked',
      remedy:
        'leave it out where the client need not wait for the second board; a wrong output is not prevented either way',
    },
  ];
}
