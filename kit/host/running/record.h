/* Included before a C text, which knows nothing of it: what it calls is recorded on the way. */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef void *kit_function(void *);
typedef const struct timespec kit_time;

pid_t kit_fork(void);
pid_t kit_getpid(void);
pid_t kit_getppid(void);
pid_t kit_waitpid(pid_t pid, int *status, int options);
int kit_kill(pid_t pid, int signal);
int kit_create(pthread_t *thread, const pthread_attr_t *how, kit_function *function, void *given);
int kit_join(pthread_t thread, void **result);
int kit_nanosleep(kit_time *time, struct timespec *left);
ssize_t kit_read(int file, void *buffer, size_t bytes);
ssize_t kit_write(int file, const void *buffer, size_t bytes);

int kit_lock(pthread_mutex_t *lock);
int kit_try_lock(pthread_mutex_t *lock);
int kit_timed_lock(pthread_mutex_t *lock, kit_time *end);
int kit_unlock(pthread_mutex_t *lock);
int kit_down(sem_t *semaphore);
int kit_try_down(sem_t *semaphore);
int kit_timed_down(sem_t *semaphore, kit_time *end);
int kit_up(sem_t *semaphore);
int kit_wait(pthread_cond_t *condition, pthread_mutex_t *lock);
int kit_timed_wait(pthread_cond_t *condition, pthread_mutex_t *lock, kit_time *end);
int kit_barrier(pthread_barrier_t *barrier);
int kit_read_lock(pthread_rwlock_t *lock);
int kit_write_lock(pthread_rwlock_t *lock);
int kit_unlock_shared(pthread_rwlock_t *lock);

int kit_printf(const char *form, ...) __attribute__((format(printf, 1, 2)));
void kit_value(const char *name, const volatile long long *words, long long length);

/* These are written for each program. */
void kit_values(void);
/* What the program calls what is at an address, and which element of it; NULL for nothing. */
const char *kit_name(const volatile char *address, long *element);
/* Write which function a thread is started in, and with what; as snprintf does. */
int kit_called(char *text, size_t size, kit_function *function, int number);

#ifndef KIT_RECORDER
#undef PTHREAD_MUTEX_INITIALIZER
#define PTHREAD_MUTEX_INITIALIZER PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP
#define fork() kit_fork()
#define getpid() kit_getpid()
#define getppid() kit_getppid()
#define waitpid(pid, status, options) kit_waitpid(pid, status, options)
#define kill(pid, signal) kit_kill(pid, signal)
#define pthread_create(new, how, function, given) kit_create(new, how, function, given)
#define pthread_join(thread, result) kit_join(thread, result)
#define nanosleep(time, left) kit_nanosleep(time, left)
#define read(file, buffer, bytes) kit_read(file, buffer, bytes)
#define write(file, buffer, bytes) kit_write(file, buffer, bytes)
#define pthread_mutex_lock(lock) kit_lock(lock)
#define pthread_mutex_trylock(lock) kit_try_lock(lock)
#define pthread_mutex_timedlock(lock, end) kit_timed_lock(lock, end)
#define pthread_mutex_unlock(lock) kit_unlock(lock)
#define sem_wait(semaphore) kit_down(semaphore)
#define sem_trywait(semaphore) kit_try_down(semaphore)
#define sem_timedwait(semaphore, end) kit_timed_down(semaphore, end)
#define sem_post(semaphore) kit_up(semaphore)
#define pthread_cond_wait(condition, lock) kit_wait(condition, lock)
#define pthread_cond_timedwait(condition, lock, end) kit_timed_wait(condition, lock, end)
#define pthread_barrier_wait(barrier) kit_barrier(barrier)
#define pthread_rwlock_rdlock(lock) kit_read_lock(lock)
#define pthread_rwlock_wrlock(lock) kit_write_lock(lock)
#define pthread_rwlock_unlock(lock) kit_unlock_shared(lock)
#define printf(...) kit_printf(__VA_ARGS__)
#endif
