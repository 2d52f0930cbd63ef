// Loaded before a program (LD_PRELOAD), it makes every flush to the disk take SLOW_DISK_US microseconds longer: a cloud volume in place of a local disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void wait_for_the_disk(void)
{
    static long microseconds = -1;
    if (microseconds < 0) {
        const char *text = getenv("SLOW_DISK_US");
        microseconds = text ? atol(text) : 1000;
    }
    struct timespec pause = { microseconds / 1000000, microseconds % 1000000 * 1000 };
    nanosleep(&pause, NULL);
}

int fsync(int file)
{
    int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    wait_for_the_disk();
    return flush(file);
}

int fdatasync(int file)
{
    int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    wait_for_the_disk();
    return flush(file);
}
