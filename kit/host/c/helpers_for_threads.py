"""Helpers in C for threads, locks and atomic instructions."""

from __future__ import annotations

from kit.host.c.helper import Helper

THREADS: dict[str, Helper] = {
    "new_thread": Helper(
        "word new_thread(void) {\n"
        "    word number = atomic_fetch_add(&last_thread, 1) + 1;\n"
        "    return number < MOST_THREADS ? number : -1;\n"
        "}",
        ("MOST_THREADS",),
    ),
    "start_thread": Helper(
        "word start_thread(word number, void *(*function)(void *)) {\n"
        "    void *given = (void *)(intptr_t)number;\n"
        "    return pthread_create(&threads[number], NULL, function, given) == 0 ? number : -1;\n"
        "}",
        ("MOST_THREADS",),
        ("stdint.h",),
    ),
    "join": Helper(
        "// Wait until a thread ends; what its function returned. In C a thread is joined once,\n"
        "// in the lesson as often as one likes, so the result is kept.\n"
        "word join(word number) {\n"
        "    static word results[MOST_THREADS];\n"
        "    static char joined[MOST_THREADS];\n"
        "    if (number < 2 || number > last_thread || number == this_thread) return -1;\n"
        "    if (!joined[number]) {\n"
        "        void *result;\n"
        "        if (pthread_join(threads[number], &result) != 0) return -1;\n"
        "        results[number] = (word)(intptr_t)result;\n"
        "        joined[number] = 1;\n"
        "    }\n"
        "    return results[number];\n"
        "}",
        ("MOST_THREADS",),
        ("stdint.h",),
    ),
    "pause_for": Helper(
        "void pause_for(word ticks) {\n"
        "    struct timespec time = {ticks * TICK / 1000000000, ticks * TICK % 1000000000};\n"
        "    if (ticks > 0) nanosleep(&time, NULL);\n"
        "}",
        ("TICK",),
        ("time.h",),
    ),
    "compute": Helper(
        "// Compute for some ticks: not by the clock on the wall, but by the time on a core.\n"
        "void compute(word ticks) {\n"
        "    struct timespec start, now;\n"
        "    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start);\n"
        "    do {\n"
        "        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);\n"
        "    } while ((now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec\n"
        "             < ticks * TICK);\n"
        "}",
        ("TICK",),
        ("time.h",),
    ),
    "until": Helper(
        "struct timespec until(word ticks) {\n"
        "    struct timespec time;\n"
        "    clock_gettime(CLOCK_REALTIME, &time);\n"
        "    word nanoseconds = time.tv_nsec + ticks * TICK;\n"
        "    time.tv_sec += nanoseconds / 1000000000;\n"
        "    time.tv_nsec = nanoseconds % 1000000000;\n"
        "    return time;\n"
        "}",
        ("TICK",),
        ("time.h",),
    ),
    "lock_within": Helper(
        "word lock_within(pthread_mutex_t *lock, word ticks) {\n"
        "    struct timespec end = until(ticks);\n"
        "    return pthread_mutex_timedlock(lock, &end) == 0;\n"
        "}",
        ("until",),
        ("pthread.h",),
    ),
    "down_within": Helper(
        "word down_within(sem_t *semaphore, word ticks) {\n"
        "    struct timespec end = until(ticks);\n"
        "    return sem_timedwait(semaphore, &end) == 0;\n"
        "}",
        ("until",),
        ("semaphore.h",),
    ),
    "wait_within": Helper(
        "word wait_within(pthread_cond_t *condition, pthread_mutex_t *lock, word ticks) {\n"
        "    struct timespec end = until(ticks);\n"
        "    return pthread_cond_timedwait(condition, lock, &end) == 0;\n"
        "}",
        ("until",),
        ("pthread.h",),
    ),
    "is_locked": Helper(
        "word is_locked(pthread_mutex_t *lock) {\n"
        "    if (pthread_mutex_trylock(lock) != 0) return 1;\n"
        "    pthread_mutex_unlock(lock);\n"
        "    return 0;\n"
        "}",
        headers=("pthread.h",),
    ),
    "exchange_if": Helper(
        "// Store a word if it is what is expected; 1 if it was.\n"
        "word exchange_if(_Atomic word *address, word expected, word new) {\n"
        "    return atomic_compare_exchange_strong(address, &expected, new);\n"
        "}",
        headers=("stdatomic.h",),
    ),
    "take_word": Helper(
        "// A lock that is one word of memory: 0 while it is free. Threads of different processes\n"
        "// share it where the memory is shared. The system is asked only to sleep and to wake.\n"
        "void take_word(word address) {\n"
        "    _Atomic word *lock = (_Atomic word *)POINTER(address);\n"
        "    while (atomic_exchange(lock, 1) != 0)\n"
        "        syscall(SYS_futex, lock, FUTEX_WAIT, 1, NULL, NULL, 0);\n"
        "}",
        ("POINTER",),
        ("linux/futex.h", "stdatomic.h", "sys/syscall.h", "unistd.h"),
    ),
    "give_word": Helper(
        "void give_word(word address) {\n"
        "    _Atomic word *lock = (_Atomic word *)POINTER(address);\n"
        "    if (atomic_exchange(lock, 0) == 0) abort();\n"
        "    syscall(SYS_futex, lock, FUTEX_WAKE, 1, NULL, NULL, 0);\n"
        "}",
        ("POINTER",),
        ("linux/futex.h", "stdatomic.h", "stdlib.h", "sys/syscall.h", "unistd.h"),
    ),
}
"""Name -> what it is, in the order in which they are written."""
