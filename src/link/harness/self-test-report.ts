import type { SelfTestReport } from '../../pair/result/messages.js';
import type { SelfTestReportMessage } from '../../protocol/messages.generated.js';
import type { FlashSum } from './flash-sum.js';

/** A report as the core hears it: verdicts instead of sums. */
export function selfTestReportFromWire(message: SelfTestReportMessage, flashSum: FlashSum): SelfTestReport {
  const { kind, slice, last, ramTested, ramFault, ramFaultAt, cpuFault } = message;
  const tested = ramTested ? 'ok' : 'not-tested';
  return {
    kind,
    slice,
    last,
    flash: flashSum.add(message),
    ram: ramFault ? 'bad' : tested,
    ramFaultAt: ramFault ? ramFaultAt : null,
    cpu: cpuFault ? 'bad' : 'ok',
  };
}
