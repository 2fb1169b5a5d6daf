/* Included before a C text, which knows nothing of it: what it calls is recorded on the way. */
#define _GNU_SOURCE
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t kit_fork(void);
pid_t kit_getpid(void);
pid_t kit_getppid(void);
pid_t kit_waitpid(pid_t pid, int *status, int options);
int kit_kill(pid_t pid, int signal);
int kit_create(pthread_t *thread, const pthread_attr_t *how, void *(*function)(void *), void *given);
int kit_lock(pthread_mutex_t *lock, const char *name);
int kit_unlock(pthread_mutex_t *lock, const char *name);
int kit_printf(const char *form, ...) __attribute__((format(printf, 1, 2)));
void kit_value(const char *name, const volatile long long *words, long long length);
void kit_values(void);

#ifndef KIT_RECORDER
#undef PTHREAD_MUTEX_INITIALIZER
#define PTHREAD_MUTEX_INITIALIZER PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP
#define fork() kit_fork()
#define getpid() kit_getpid()
#define getppid() kit_getppid()
#define waitpid(pid, status, options) kit_waitpid(pid, status, options)
#define kill(pid, signal) kit_kill(pid, signal)
#define pthread_create(thread, how, function, given) kit_create(thread, how, function, given)
#define pthread_mutex_lock(lock) kit_lock(lock, #lock)
#define pthread_mutex_unlock(lock) kit_unlock(lock, #lock)
#define printf(...) kit_printf(__VA_ARGS__)
#endif
