import { type DoctorFinding, mend, right } from '../../doctor-finding.js';
import type { Machine } from '../../machine/machine.js';

const ABOUT = 'native modules';

/** Whether what is machine code loads in this Node: after an upgrade it does not until it is built anew. */
export function checkNativeModules(machine: Machine): readonly DoctorFinding[] {
  const modules = machine.nativeModules();
  const broken = modules.filter(({ trouble }) => trouble !== null);
  if (broken.length === 0) return [right(ABOUT, `${modules.map(({ name }) => name).join(', ')} load`)];
  return broken.map(({ trouble }) =>
    mend(ABOUT, trouble ?? '', 'build them for this Node: npm rebuild, in the folder named'),
  );
}
