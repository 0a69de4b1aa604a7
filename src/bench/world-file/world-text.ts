import type { NamedField } from '../../values/named-field.js';
import { type BoardPins, defaultValue } from './default-world.js';

/** A world file with comments, for a pair whose payloads have these fields: what copycat bench --init-world writes. */
export function worldText({ digital, analogChannels }: BoardPins, fields: readonly NamedField[]): string {
  const [first = 2, second = 3] = digital;
  const payload = fields.map((field) => {
    const { from, to, holdInputs } = defaultValue(field);
    const unit = field.unit === '' ? '' : `   # in ${field.unit}`;
    return `    ${JSON.stringify(field.name)}: { from: ${from}, to: ${to}, hold: ${holdInputs} }${unit}`;
  });
  return `# What the boards on the bench are wired to: npx copycat bench -c copycat.yaml --world world.yaml
# Times count from the moment the boards are up. Both boards are wired alike.

# Pins that the relay hands over; without it, all that the image drives.
# outputs: [D9, D8]

# What drives digital pins: a level, levels from times on, a button, or a column of a CSV file with a column
# time (seconds). A button is pressed so often and so long: low, the level while it is pressed.
pins:
  D${first}: { button: low, every: 1s, for: 150ms }
  # D${second}: { constant: high }
  # D${second}: { steps: [[0s, low], [3s, high], [5s, low]] }
  # D${second}: { csv: recorded.csv, column: door }

# What drives the channels of the converter, in volts (A0 to A${analogChannels - 1}).
channels:
  A0: { triangle: [0, 5], every: 4s }
  # A1: { constant: 2.5 }
  # A1: { steps: [[0s, 1], [3s, 2.5]] }
  # A1: { csv: recorded.csv, column: volts }
  # A1: { plant: 0.02, offset: 0 }       # volts per unit of the plant, and volts at 0

# Thermometers on I2C (LM75, TMP102), by their address, in degC.
# i2c:
#   0x48: { lm75: { triangle: [15, 35], every: 4s } }

# Something that an output drives: first order, towards rests + level / 255 * rises.
# plant: { follows: D9, starts: 20, rests: 20, rises: 200, time-constant: 4s }

# Inputs over TCP.
inputs:
  every: 20ms
${payload.length === 0 ? '  # Each says nothing, or what a CSV file says (below). With bench -c, and names for it in the configuration (fields.input):\n  # payload: { set point: { from: 45, to: 105, hold: 25 }, measured: plant }' : `  payload:\n${payload.join('\n')}`}
  # csv: inputs.csv                      # a line for each input, again from the top: a column called payload, in hex, or one for each field

# Ticks of the gateway besides.
# ticks: 100ms
`;
}
