#!/usr/bin/busybox sh
# The guest's first process: file systems, the SD card, loopback, then a shell on the serial console that tests talk to.
/usr/bin/busybox mkdir -p /usr/sbin
/usr/bin/busybox --install -s /usr/bin
export PATH=/usr/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
mount -t debugfs debug /sys/kernel/debug
ip link set lo up
while read -r module; do insmod "/usr/lib/modules/$module"; done </usr/lib/modules/order
waited=0
until [ -b /dev/mmcblk0 ] || [ -b /dev/mmcblk1 ] || [ $waited -ge 100 ]; do
  usleep 100000
  waited=$((waited + 1))
done
for card in /dev/mmcblk0 /dev/mmcblk1; do
  [ -b $card ] && mount -t ext4 $card /data
done
stty -F /dev/ttyS1 raw -echo
cd /data || cd /
exec </dev/null >/dev/ttyS1 2>&1 3</dev/ttyS1
echo "guest: ready"
# One line is one command; its exit code closes its answer. Not a terminal but a dialogue, and it never ends.
while :; do
  read -r line <&3 && eval "$line"
  echo "<<$?>>"
done
