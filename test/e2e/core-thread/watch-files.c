/* Preloaded into a process, it tells which calls of its first thread could wait for a device (R32).
 *
 * WATCH_FILES names a file of at least 16 bytes: a process writes its id into the first four unless another one has; the fifth is
 * set from outside when the watch begins. Findings are appended behind: "call path\n". Allowed is what is no device's: tmpfs (and
 * so /dev), /proc, /sys, cgroups, pseudo-terminals, pipes, sockets and what only is a descriptor; and what lies below
 * WATCH_FILES_ALLOWED, which stands for those. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { HEAD_BYTES = 16, PID_AT = 0, BEGUN_AT = 4 };

static const long ALLOWED[] = {TMPFS_MAGIC,    PROC_SUPER_MAGIC,    SYSFS_MAGIC,   CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
                               DEVPTS_SUPER_MAGIC, PIPEFS_MAGIC, SOCKFS_MAGIC, ANON_INODE_FS_MAGIC, RAMFS_MAGIC};

static volatile char *head;
static int report = -1;
static const char *stands_in = "";

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("WATCH_FILES");
  if (getenv("WATCH_FILES_ALLOWED") != NULL) stands_in = getenv("WATCH_FILES_ALLOWED");
  if (path == NULL) return;
  report = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_APPEND | O_CLOEXEC, 0);
  if (report < 0) return;
  char *mapped = mmap(NULL, HEAD_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, report, 0);
  if (mapped == MAP_FAILED) return;
  int expected = 0;
  const int mine = getpid();
  if (!__atomic_compare_exchange_n((int *)(void *)(mapped + PID_AT), &expected, mine, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return;
  head = mapped;
}

static int is_watched(void) { return head != NULL && head[BEGUN_AT] != 0 && syscall(SYS_gettid) == getpid(); }

static void look(const char *call, int descriptor) {
  if (descriptor < 0 || !is_watched()) return;
  const int error = errno;
  struct statfs system;
  char link[64];
  char path[4096];
  char line[4200];
  if (fstatfs(descriptor, &system) == 0) {
    int allowed = 0;
    for (unsigned i = 0; i < sizeof ALLOWED / sizeof ALLOWED[0]; i++) allowed |= (long)system.f_type == ALLOWED[i];
    if (!allowed) {
      snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
      const ssize_t length = readlink(link, path, sizeof path - 1);
      path[length < 0 ? 0 : length] = '\0';
      if (stands_in[0] == '\0' || strncmp(path, stands_in, strlen(stands_in)) != 0) {
        const int bytes = snprintf(line, sizeof line, "%s %s\n", call, path);
        syscall(SYS_write, report, line, (size_t)bytes);
      }
    }
  }
  errno = error;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

/* Before: a call that waits for ever has been told. */
#define WATCHED(result, name, parameters, arguments) \
  result name parameters {                           \
    REAL(name);                                      \
    look(#name, descriptor);                         \
    return real arguments;                           \
  }

WATCHED(ssize_t, read, (int descriptor, void *bytes, size_t count), (descriptor, bytes, count))
WATCHED(ssize_t, pread, (int descriptor, void *bytes, size_t count, off_t at), (descriptor, bytes, count, at))
WATCHED(ssize_t, pread64, (int descriptor, void *bytes, size_t count, off64_t at), (descriptor, bytes, count, at))
WATCHED(ssize_t, write, (int descriptor, const void *bytes, size_t count), (descriptor, bytes, count))
WATCHED(ssize_t, writev, (int descriptor, const struct iovec *parts, int count), (descriptor, parts, count))
WATCHED(ssize_t, pwrite, (int descriptor, const void *bytes, size_t count, off_t at), (descriptor, bytes, count, at))
WATCHED(ssize_t, pwrite64, (int descriptor, const void *bytes, size_t count, off64_t at), (descriptor, bytes, count, at))
WATCHED(int, fsync, (int descriptor), (descriptor))
WATCHED(int, fdatasync, (int descriptor), (descriptor))
WATCHED(int, ftruncate, (int descriptor, off_t length), (descriptor, length))
WATCHED(int, ftruncate64, (int descriptor, off64_t length), (descriptor, length))

/* After: only then is there something to look at. */
#define OPENED(name, parameters, last, arguments)              \
  int name parameters {                                        \
    REAL(name);                                                \
    va_list more;                                              \
    va_start(more, last);                                      \
    const mode_t mode = (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(more, mode_t) : 0; \
    va_end(more);                                              \
    const int descriptor = real arguments;                     \
    look(#name, descriptor);                                   \
    return descriptor;                                         \
  }

OPENED(open, (const char *path, int flags, ...), flags, (path, flags, mode))
OPENED(open64, (const char *path, int flags, ...), flags, (path, flags, mode))
OPENED(openat, (int folder, const char *path, int flags, ...), flags, (folder, path, flags, mode))
OPENED(openat64, (int folder, const char *path, int flags, ...), flags, (folder, path, flags, mode))
