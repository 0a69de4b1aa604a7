/* Preloaded into a process: every fsync and fdatasync takes SLOW_DISK_MS longer, as on a worn SD card. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_for_the_disk(void) {
  const char *ms = getenv("SLOW_DISK_MS");
  const long wait_ms = ms == NULL ? 0 : strtol(ms, NULL, 10);
  const struct timespec time = {wait_ms / 1000, wait_ms % 1000 * 1000000};
  nanosleep(&time, NULL);
}

#define SLOW(name)                                                            \
  int name(int descriptor) {                                                  \
    int (*const real)(int) = (int (*)(int))dlsym(RTLD_NEXT, #name);           \
    wait_for_the_disk();                                                      \
    return real(descriptor);                                                  \
  }

int fsync(int descriptor);
int fdatasync(int descriptor);
SLOW(fsync)
SLOW(fdatasync)
