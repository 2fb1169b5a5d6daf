/* Writes down what a program does. Processes have small numbers here, as in the lesson: those of
 * the system differ each time. A line of the log is: nanoseconds, pid, tid, what, details. */
#define KIT_RECORDER
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#define MOST_PROCESSES 4096
#define MOST_EVENTS 100000

struct table {
    atomic_int next, limit;
    atomic_int real[MOST_PROCESSES];
};

static struct table *table;
static int log_file = -1;
static int own = 2;
static atomic_int events;
static _Thread_local int thread = 1;

static void note(const char *what, const char *form, ...) {
    char line[8300];
    struct timespec now;
    if (log_file < 0 || atomic_fetch_add(&events, 1) >= MOST_EVENTS) return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long time = now.tv_sec * 1000000000LL + now.tv_nsec;
    int length = snprintf(line, sizeof line, "%lld %d %d %s ", time, own, thread, what);
    va_list details;
    va_start(details, form);
    length += vsnprintf(line + length, sizeof line - (size_t)length - 1, form, details);
    va_end(details);
    if (length > (int)sizeof line - 2) length = sizeof line - 2;
    line[length++] = '\n';
    if (write(log_file, line, (size_t)length) < 0) log_file = -1;
}

static void at_end(void) {
    kit_values();
    note("end", "0");
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("KIT_HOST_TABLE"), *number = getenv("KIT_HOST_PID");
    int file = path ? open(path, O_RDWR) : -1;
    if (file < 0) abort();
    table = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (table == MAP_FAILED) abort();
    if (number) own = atoi(number);
    table->real[own] = getpid();
    if (getenv("KIT_HOST_LOG"))
        log_file = open(getenv("KIT_HOST_LOG"), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (log_file >= 0) {
        /* Away from the numbers that a program's own files get. */
        int higher = fcntl(log_file, F_DUPFD_CLOEXEC, 500);
        close(log_file);
        log_file = higher;
    }
    atexit(at_end);
    note("begin", "%s", program_invocation_short_name);
}

static pid_t number_of(pid_t real) {
    int last = table->next;
    for (int number = 2; number < last && number < MOST_PROCESSES; number++)
        if (table->real[number] == real) return number;
    return 1;
}

static pid_t real_of(pid_t number) {
    if (number < 2 || number >= table->next || number >= MOST_PROCESSES) return 0;
    return table->real[number];
}

pid_t kit_fork(void) {
    int number = atomic_fetch_add(&table->next, 1);
    if (number >= table->limit || number >= MOST_PROCESSES) {
        atomic_fetch_sub(&table->next, 1);
        errno = EAGAIN;
        return -1;
    }
    int parent = own;
    pid_t child = fork();
    if (child < 0) return -1;
    if (child > 0) {
        table->real[number] = child;
        return number;
    }
    char text[16];
    own = number;
    table->real[number] = getpid();
    snprintf(text, sizeof text, "%d", number);
    setenv("KIT_HOST_PID", text, 1);
    note("fork", "%d", parent);
    return 0;
}

pid_t kit_getpid(void) {
    return own;
}

pid_t kit_getppid(void) {
    return number_of(getppid());
}

pid_t kit_waitpid(pid_t pid, int *status, int options) {
    pid_t real = pid == -1 ? -1 : real_of(pid);
    if (real == 0) return -1;
    pid_t ended = waitpid(real, status, options);
    if (ended < 0) return -1;
    pid_t number = number_of(ended);
    note("wait", "%d %d", number, WIFEXITED(*status) ? WEXITSTATUS(*status) : -WTERMSIG(*status));
    return number;
}

int kit_kill(pid_t pid, int signal) {
    pid_t real = real_of(pid);
    if (real == 0) return -1;
    note("kill", "%d %d", pid, signal);
    return kill(real, signal);
}

struct start {
    void *(*function)(void *);
    void *given;
};

static void ended(void *unused) {
    (void)unused;
    note("thread_end", "0");
}

static void *run(void *given) {
    struct start start = *(struct start *)given;
    void *result;
    free(given);
    thread = (int)(intptr_t)start.given; /* A C text gives a thread its number, and nothing else. */
    note("thread", "0");
    pthread_cleanup_push(ended, NULL);
    result = start.function(start.given);
    pthread_cleanup_pop(1);
    return result;
}

int kit_create(pthread_t *new, const pthread_attr_t *how, void *(*function)(void *), void *given) {
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return EAGAIN;
    *start = (struct start){function, given};
    return pthread_create(new, how, run, start);
}

int kit_lock(pthread_mutex_t *lock, const char *name) {
    int result = pthread_mutex_trylock(lock);
    if (result != 0) {
        note("wait_for_lock", "%s", name);
        result = pthread_mutex_lock(lock);
        /* Whoever takes a lock twice waits for itself, for ever. */
        while (result == EDEADLK) pause();
    }
    note("lock", "%s", name);
    return result;
}

int kit_unlock(pthread_mutex_t *lock, const char *name) {
    note("unlock", "%s", name);
    if (pthread_mutex_unlock(lock) != 0) abort();
    return 0;
}

int kit_printf(const char *form, ...) {
    char text[4000], coded[8001];
    va_list given;
    va_start(given, form);
    int length = vsnprintf(text, sizeof text, form, given);
    va_end(given);
    if (length >= (int)sizeof text) length = sizeof text - 1;
    for (int i = 0; i < length; i++) snprintf(coded + 2 * i, 3, "%02x", (unsigned char)text[i]);
    note("print", "%.*s", 2 * length, coded);
    return length;
}

void kit_value(const char *name, const volatile long long *words, long long length) {
    char text[8000];
    int used = 0;
    for (long long i = 0; i < length && used < (int)sizeof text - 24; i++)
        used += snprintf(text + used, sizeof text - (size_t)used, " %lld", words[i]);
    note("value", "%s%s", name, text);
}
