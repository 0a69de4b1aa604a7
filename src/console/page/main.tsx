import { effect } from '@preact/signals';
import { render } from 'preact';
import { keepWho } from './actions/who.js';
import { App } from './app.js';
import { startClock } from './model/now.js';
import { chosen, startPairs } from './model/pairs.js';
import { startRouting } from './model/route.js';
import { WORDS } from './words.js';

startClock();
startRouting();
startPairs();
keepWho();

/** A tab among others says how the pair stands, in its title and its icon. */
effect(() => {
  const pair = chosen.value;
  const standing = pair?.standing.value ?? 'connecting';
  document.title = pair === null ? WORDS.brand : WORDS.title(WORDS.standing[standing], pair.status?.name ?? pair.id);
  const icon = document.getElementById('icon');
  const address = `./${standing}.svg`;
  if (icon?.getAttribute('href') !== address) icon?.setAttribute('href', address);
});

render(<App />, document.body);
