import type { Config } from '../../../config/config.js';
import { type DoctorFinding, mend, right } from '../../doctor-finding.js';
import { boardDevices } from '../../machine/board-devices.js';
import { linesOf } from '../../machine/gpio-lines.js';
import type { Machine } from '../../machine/machine.js';
import { gatewayUser, groupId } from '../../machine/service-user.js';

/** Whether the user that runs the gateway may open serial ports (dialout) and GPIO chips (gpio). */
export function checkGroups(machine: Machine, config: Config | null): readonly DoctorFinding[] {
  const user = gatewayUser(machine, config);
  if (user.uid === 0) return [right('groups', 'root may open every port and line')];
  const needed = [
    { group: 'dialout', what: 'serial ports', isNeeded: config === null || boardDevices(machine, config).length > 0 },
    { group: 'gpio', what: 'GPIO lines', isNeeded: config === null ? hasGpio(machine) : linesOf(config).length > 0 },
  ];
  return needed
    .filter(({ isNeeded }) => isNeeded)
    .map(({ group, what }) => {
      const about = `group ${group}`;
      const gid = groupId(machine, group);
      if (gid === null) {
        return mend(
          about,
          `this system has no group ${group}: a rule of udev has to give ${what} to one`,
          `make the group, and let copycat service install write the rule`,
          [`sudo groupadd --system ${group}`, `sudo usermod -aG ${group} ${user.name}`],
        );
      }
      if (!user.groups.includes(group)) {
        return mend(about, `${user.name} is not in it and may not open ${what}`, 'add the user, then log in again', [
          `sudo usermod -aG ${group} ${user.name}`,
        ]);
      }
      // usermod tells running sessions nothing.
      if (!user.isService && !machine.user.gids.includes(gid)) {
        return mend(about, `${user.name} is in it, but not yet in this session`, 'log out and in again');
      }
      return right(about, `${user.name} may open ${what}`);
    });
}

function hasGpio(machine: Machine): boolean {
  return machine.list('/dev').some((name) => /^gpiochip\d+$/.test(name));
}
