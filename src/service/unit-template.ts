import { MARK } from './service-plan.js';

export const TEMPLATE_PATH = '/etc/systemd/system/copycat@.service';

/** Seconds without a sign of life after which systemd ends the gateway and starts it anew. */
const WATCHDOG_S = 30;

/**
 * The unit that all pairs share; what is one pair's own (the command, the user, the folders) is in its drop-in. Settings
 * are those of systemd 252 (bookworm); 257 (trixie) understands them all.
 */
export function unitTemplate(): string {
  return `${MARK}. Changes belong into a drop-in: systemctl edit copycat@NAME

[Unit]
Description=Copycat, the pair of boards %i
After=local-fs.target systemd-udevd.service network.target
# A board that is gone is waited for and never given up; so is a gateway that ends.
StartLimitIntervalSec=0

[Service]
# Ready is: it serves and says what it lacks. A board that is missing then is in the STATUS line, not a failed start.
Type=notify
NotifyAccess=main
# Fed only while the event loop turns, the gateway answers for its status and its links make progress.
WatchdogSec=${WATCHDOG_S}s
# A large ledger that was damaged is read through before the gateway serves.
TimeoutStartSec=5min
TimeoutStopSec=30s
Restart=always
# With the start of Node well within the 5 s for which boards wait before they follow their silence policy.
RestartSec=1s
# 2: the configuration is wrong. Starting again would not mend it, and would fill the log.
RestartPreventExitStatus=2
KillMode=mixed
LimitCORE=0
# The last to be ended when memory runs out, and before other programs when the processor is busy.
OOMScoreAdjust=-900
Nice=-5
# A page that has to be read back from a disk would hold up the core, and with it a takeover. The hot journal, which is in /dev/shm, counts
# as the service's memory too.
MemorySwapMax=0

StandardOutput=journal
StandardError=journal
SyslogIdentifier=copycat-%i
# The gateway limits itself to two lines a second; this bounds what one writes that ends again and again.
LogRateLimitIntervalSec=10min
LogRateLimitBurst=1500

UMask=0027
NoNewPrivileges=yes
CapabilityBoundingSet=
# All but the folders in the pair's drop-in, /dev, /proc and /sys is read only. /dev/shm, where the hot journal lies, is
# below /dev and stays as it is for everybody: copycat status and a restarted gateway find the same journal.
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateMounts=yes
# Serial ports by their major numbers too: a name counts only if its driver is loaded when the service starts, and the
# driver is loaded with the first board that is plugged in. 166: ttyACM, 188: ttyUSB, 204: ttyAMA.
DevicePolicy=closed
DeviceAllow=char-ttyACM rw
DeviceAllow=char-166 rw
DeviceAllow=char-ttyUSB rw
DeviceAllow=char-188 rw
DeviceAllow=char-ttyAMA rw
DeviceAllow=char-204 rw
DeviceAllow=char-ttyS rw
DeviceAllow=char-gpiochip rw
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# ProtectKernelTunables would make /sys read only, and an FTDI chip is told there to send at the end of every frame (the rules of
# udev give that right). MemoryDenyWriteExecute cannot be had: the compiler in Node writes the code that it runs.

[Install]
WantedBy=multi-user.target
`;
}
