/** One of those who play the scenarios of a tour, in a process of its own so that each has a processor. */
import { runScenario } from '../run-scenario.js';
import { scenariosOfAnyImage } from '../scenarios/any-image.js';
import { scenarios } from '../scenarios/scenarios.js';
import { GatewayChild } from '../stage/gateway-child.js';
import { describeFailure, type PlayedScenario, type PlayScenario } from './tour-messages.js';

async function play({ scenario: name, options }: PlayScenario): Promise<PlayedScenario> {
  try {
    const playable = options.sketch === undefined ? scenarios : scenariosOfAnyImage();
    const scenario = playable.find((one) => one.name === name);
    if (scenario === undefined) throw new Error(`no scenario is called ${name}`);
    return await runScenario(scenario, options);
  } catch (error) {
    return { failed: describeFailure(error) };
  }
}

process.on('message', (message) => {
  // Only the tour sends them, one at a time.
  void play(message as PlayScenario).then((played) => process.send?.(played));
});
// Nobody wants to know any more; its gateways end with it.
process.on('disconnect', () => {
  GatewayChild.discardSpare();
  process.exit();
});
