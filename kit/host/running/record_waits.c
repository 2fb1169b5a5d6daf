/* Records what threads wait for: each is tried first, so that only what has to wait is told to. */
#define KIT_RECORDER
#include "record.h"
#include "recorder.h"

#include <poll.h>

/* A name with the number of its element; the address of what has none. */
static const char *called(const volatile void *address) {
    static _Thread_local char text[200];
    long element = -1;
    const char *name = kit_name(address, &element);
    if (name == NULL)
        snprintf(text, sizeof text, "%p", (const void *)(size_t)address);
    else if (element < 0)
        snprintf(text, sizeof text, "%s", name);
    else
        snprintf(text, sizeof text, "%s[%ld]", name, element);
    return text;
}

static int count(sem_t *semaphore) {
    int value = 0;
    sem_getvalue(semaphore, &value);
    return value;
}

int kit_lock(pthread_mutex_t *lock) {
    int result = pthread_mutex_trylock(lock);
    if (result != 0) {
        kit_note("wait_for_lock", "%s", called(lock));
        result = pthread_mutex_lock(lock);
        /* Whoever takes a lock twice waits for itself, for ever. */
        while (result == EDEADLK) pause();
        kit_note("go_on", "0");
    }
    kit_note("lock", "%s", called(lock));
    return result;
}

int kit_try_lock(pthread_mutex_t *lock) {
    int result = pthread_mutex_trylock(lock);
    if (result == 0) kit_note("lock", "%s", called(lock));
    return result;
}

int kit_timed_lock(pthread_mutex_t *lock, kit_time *end) {
    int result = pthread_mutex_trylock(lock);
    if (result != 0) {
        kit_note("wait_some_time_for_lock", "%s", called(lock));
        result = pthread_mutex_timedlock(lock, end);
        kit_note("go_on", "0");
    }
    if (result == 0) kit_note("lock", "%s", called(lock));
    return result;
}

int kit_unlock(pthread_mutex_t *lock) {
    kit_note("unlock", "%s", called(lock));
    if (pthread_mutex_unlock(lock) != 0) abort();
    return 0;
}

int kit_down(sem_t *semaphore) {
    if (sem_trywait(semaphore) != 0) {
        kit_note("wait_for_semaphore", "%s", called(semaphore));
        while (sem_wait(semaphore) != 0 && errno == EINTR) continue;
        kit_note("go_on", "0");
    }
    kit_note("down", "%s %d", called(semaphore), count(semaphore));
    return 0;
}

int kit_try_down(sem_t *semaphore) {
    int result = sem_trywait(semaphore);
    if (result == 0) kit_note("down", "%s %d", called(semaphore), count(semaphore));
    return result;
}

int kit_timed_down(sem_t *semaphore, kit_time *end) {
    int result = sem_trywait(semaphore);
    if (result != 0) {
        kit_note("wait_some_time_for_semaphore", "%s", called(semaphore));
        result = sem_timedwait(semaphore, end);
        kit_note("go_on", "0");
    }
    if (result == 0) kit_note("down", "%s %d", called(semaphore), count(semaphore));
    return result;
}

int kit_up(sem_t *semaphore) {
    kit_note("up", "%s %d", called(semaphore), count(semaphore) + 1);
    return sem_post(semaphore);
}

int kit_wait(pthread_cond_t *condition, pthread_mutex_t *lock) {
    kit_note("unlock", "%s", called(lock));
    kit_note("wait_at_condition", "%s", called(condition));
    int result = pthread_cond_wait(condition, lock);
    kit_note("go_on", "0");
    kit_note("lock", "%s", called(lock));
    return result;
}

int kit_timed_wait(pthread_cond_t *condition, pthread_mutex_t *lock, kit_time *end) {
    kit_note("unlock", "%s", called(lock));
    kit_note("wait_some_time_at_condition", "%s", called(condition));
    int result = pthread_cond_timedwait(condition, lock, end);
    kit_note("go_on", "0");
    kit_note("lock", "%s", called(lock));
    return result;
}

int kit_barrier(pthread_barrier_t *barrier) {
    kit_note("wait_at_barrier", "%s", called(barrier));
    int result = pthread_barrier_wait(barrier);
    kit_note("go_on", "0");
    return result;
}

int kit_read_lock(pthread_rwlock_t *lock) {
    int result = pthread_rwlock_tryrdlock(lock);
    if (result != 0) {
        kit_note("wait_for_read_lock", "%s", called(lock));
        result = pthread_rwlock_rdlock(lock);
        kit_note("go_on", "0");
    }
    kit_note("read_lock", "%s", called(lock));
    return result;
}

int kit_write_lock(pthread_rwlock_t *lock) {
    int result = pthread_rwlock_trywrlock(lock);
    if (result != 0) {
        kit_note("wait_for_write_lock", "%s", called(lock));
        result = pthread_rwlock_wrlock(lock);
        kit_note("go_on", "0");
    }
    kit_note("write_lock", "%s", called(lock));
    return result;
}

int kit_unlock_shared(pthread_rwlock_t *lock) {
    kit_note("unlock", "%s", called(lock));
    return pthread_rwlock_unlock(lock);
}

int kit_nanosleep(kit_time *time, struct timespec *left) {
    kit_note("sleep", "%lld", time->tv_sec * 1000000000LL + time->tv_nsec);
    int result = nanosleep(time, left);
    kit_note("go_on", "0");
    return result;
}

static int would_wait(int file, short events) {
    struct pollfd asked = {file, events, 0};
    return poll(&asked, 1, 0) == 0;
}

ssize_t kit_read(int file, void *buffer, size_t bytes) {
    int waits = would_wait(file, POLLIN);
    if (waits) kit_note("wait_for_data", "%d", file);
    ssize_t got = read(file, buffer, bytes);
    if (waits) kit_note("go_on", "0");
    return got;
}

ssize_t kit_write(int file, const void *buffer, size_t bytes) {
    int waits = would_wait(file, POLLOUT);
    if (waits) kit_note("wait_for_room", "%d", file);
    ssize_t put = write(file, buffer, bytes);
    if (waits) kit_note("go_on", "0");
    return put;
}
