import { CopycatError } from '../../errors/copycat-error.js';
import { findLine } from './find-line.js';
import { type GpioChip, GpioError, type GpioHost, type HeldLine, type LineRequest } from './gpio-chip.js';

/**
 * Finds a line and takes it.
 * @throws CopycatError RELAY_UNAVAILABLE with who holds it, or why the kernel does not give it
 */
export function takeLine(host: GpioHost, line: string, label: string | null, request: LineRequest): HeldLine {
  const { chip, offset } = findLine(host, line, label);
  try {
    return chip.request(offset, request);
  } catch (error) {
    if (error instanceof GpioError) throw explain(error, chip, offset, line, request);
    throw error;
  } finally {
    chip.close();
  }
}

function explain(error: GpioError, chip: GpioChip, offset: number, line: string, request: LineRequest): CopycatError {
  if (error.code === 'EBUSY') {
    return new CopycatError('RELAY_UNAVAILABLE', `${line} is in use: ${holderOf(chip, offset)} holds it`, {
      value: line,
      expected: 'a line that nothing else uses: end that program, or its overlay in config.txt, or take another line',
      cause: error,
    });
  }
  if (error.code === 'EPERM' || error.code === 'EACCES') {
    return new CopycatError('RELAY_UNAVAILABLE', `no permission to take ${line} (${error.message})`, {
      value: line,
      expected: 'a user of the group gpio, and a service that may use /dev/gpiochip*',
      cause: error,
    });
  }
  const hasPull = request.direction === 'input' && request.pull !== 'none';
  return new CopycatError(
    'RELAY_UNAVAILABLE',
    `${line} cannot be taken as an ${request.direction} (${error.message})`,
    {
      value: line,
      expected: hasPull
        ? `a chip that can pull ${request.pull} inside, or feedback-pull: none`
        : `a line of ${chip.label} that can be an ${request.direction}`,
      cause: error,
    },
  );
}

function holderOf(chip: GpioChip, offset: number): string {
  try {
    const { consumer, isUsed } = chip.info(offset);
    if (consumer !== '') return consumer;
    return isUsed ? 'the kernel (a driver or an overlay)' : 'another program (gone by now)';
  } catch (error) {
    if (error instanceof GpioError) return 'another program';
    throw error;
  }
}
