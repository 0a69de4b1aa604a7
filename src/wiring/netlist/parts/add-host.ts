import type { Config } from '../../../config/config.js';
import { FIVE_VOLT_RAIL, GROUND_RAIL } from '../netlist.js';
import type { NetlistBuilder } from '../netlist-builder.js';
import { PI_HEADER } from '../pi-header.js';

export const HOST = 'pi';
export const FIRMATA = 'firmata';

/** Pin 39: the last ground, away from everything that is delicate. */
const HOST_GROUND = `${HOST}.39`;
const HOST_FIVE_VOLTS = `${HOST}.2`;

const MODELS = {
  'pi-3': 'Raspberry Pi 3',
  'pi-4': 'Raspberry Pi 4',
  'pi-5': 'Raspberry Pi 5',
  'pi-zero-2': 'Raspberry Pi Zero 2 W',
} as const;

const SUPPLIES = {
  'pi-3': '5.1 V, 2.5 A',
  'pi-4': '5.1 V, 3 A',
  'pi-5': '5.1 V, 5 A',
  'pi-zero-2': '5.1 V, 2.5 A, and a USB hub',
} as const;

/** The Raspberry Pi, its supply, the rails, and the Firmata board where there is one. */
export function addHost(builder: NetlistBuilder, config: Config): void {
  const { host } = config.wiring;
  const usb = ['usb1', 'usb2', ...(config.firmata === null ? [] : ['usb3'])];
  builder.part({
    id: HOST,
    kind: 'pi',
    title: MODELS[host],
    note: 'seen with the USB sockets at the bottom; pin 1 has a square pad',
    column: 3,
    terminals: [
      ...PI_HEADER.map(({ number, name, other }) => ({
        id: String(number),
        label: other === '' ? name : `${name} ${other}`,
        side: number % 2 === 1 ? ('left' as const) : ('right' as const),
      })),
      ...usb.map((id, index) => ({ id, label: `USB ${index + 1}`, side: 'left' as const })),
      { id: 'power', label: 'supply', side: 'left' },
    ],
  });
  builder.part({
    id: 'supply-pi',
    kind: 'supply',
    title: 'Supply of the Pi',
    note: SUPPLIES[host],
    column: 2,
    terminals: [{ id: 'out', label: 'USB plug', side: 'right' }],
  });
  const rail = (id: string, title: string) =>
    builder.part({
      id,
      kind: 'rail',
      title,
      note: '',
      column: 0,
      terminals: [{ id: 'any', label: 'any hole of it', side: 'left' }],
    });
  rail(FIVE_VOLT_RAIL, '5 V rail (from pin 2 of the Pi)');
  rail(GROUND_RAIL, config.wiring.commonGround ? 'GND rail: the common ground' : 'GND rail');
  builder.wire('supply-pi.out', `${HOST}.power`, 'supply', 'its own plug');
  builder.ground(HOST_GROUND, 'the common ground: without it nothing here has a level');
  builder.fiveVolts(HOST_FIVE_VOLTS);
  if (config.firmata !== null) {
    builder.part({
      id: FIRMATA,
      kind: 'board',
      title: 'Firmata board',
      note: 'Arduino with StandardFirmata; 5 V levels',
      column: 3,
      terminals: [
        { id: 'usb', label: 'USB', side: 'left' },
        { id: 'gnd', label: 'GND', side: 'left' },
        { id: '5v', label: '5V', side: 'left' },
      ],
    });
    builder.wire(`${FIRMATA}.usb`, `${HOST}.usb3`, 'usb', 'carries the commands to the lines D2, D3, …');
    builder.ground(`${FIRMATA}.gnd`);
  }
}
