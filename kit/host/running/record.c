/* Writes down what a program does. Processes have small numbers here, as in the lesson: those of
 * the system differ each time. A line of the log is: nanoseconds, pid, tid, core, what, details. */
#define KIT_RECORDER
#include "record.h"
#include "recorder.h"

#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define MOST_PROCESSES 4096
#define MOST_THREADS 1000
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

void kit_note(const char *what, const char *form, ...) {
    char line[8300];
    struct timespec now;
    int error = errno;
    if (log_file < 0 || atomic_fetch_add(&events, 1) >= MOST_EVENTS) return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long time = now.tv_sec * 1000000000LL + now.tv_nsec;
    int length = snprintf(line, sizeof line, "%lld %d %d %d %s ", time, own, thread, sched_getcpu(),
                          what);
    va_list details;
    va_start(details, form);
    length += vsnprintf(line + length, sizeof line - (size_t)length - 1, form, details);
    va_end(details);
    if (length > (int)sizeof line - 2) length = sizeof line - 2;
    line[length++] = '\n';
    if (write(log_file, line, (size_t)length) < 0) log_file = -1;
    errno = error;
}

static void at_end(void) {
    kit_values();
    kit_note("end", "0");
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
    kit_note("begin", "%s", program_invocation_short_name);
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
    kit_note("forks", "%d", number);
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
    kit_note("fork", "%d", parent);
    return 0;
}

pid_t kit_getpid(void) {
    return own;
}

pid_t kit_getppid(void) {
    return number_of(getppid());
}

static long long microseconds(struct timeval time) {
    return time.tv_sec * 1000000LL + time.tv_usec;
}

pid_t kit_waitpid(pid_t pid, int *status, int options) {
    struct rusage used;
    pid_t real = pid == -1 ? -1 : real_of(pid);
    if (real == 0) return -1;
    pid_t ended = wait4(real, status, options | WNOHANG, &used);
    if (ended == 0 && !(options & WNOHANG)) {
        kit_note("wait_for_child", "%d", pid);
        ended = wait4(real, status, options, &used);
        kit_note("go_on", "0");
    }
    if (ended <= 0) return ended;
    pid_t number = number_of(ended);
    kit_note("wait", "%d %d %lld %ld %ld %ld", number,
         WIFEXITED(*status) ? WEXITSTATUS(*status) : -WTERMSIG(*status),
         microseconds(used.ru_utime) + microseconds(used.ru_stime), used.ru_nvcsw, used.ru_nivcsw,
         used.ru_minflt + used.ru_majflt);
    return number;
}

int kit_kill(pid_t pid, int signal) {
    pid_t real = real_of(pid);
    if (real == 0) return -1;
    kit_note("kill", "%d %d", pid, signal);
    return kill(real, signal);
}

struct start {
    void *(*function)(void *);
    void *given;
};

static void ended(void *unused) {
    (void)unused;
    kit_note("thread_end", "0");
}

static void *run(void *given) {
    struct start start = *(struct start *)given;
    void *result;
    free(given);
    thread = (int)(intptr_t)start.given; /* A C text gives a thread its number, and nothing else. */
    kit_note("thread", "0");
    pthread_cleanup_push(ended, NULL);
    result = start.function(start.given);
    pthread_cleanup_pop(1);
    return result;
}

static pthread_t started[MOST_THREADS];
static atomic_char is_started[MOST_THREADS];

int kit_create(pthread_t *new, const pthread_attr_t *how, kit_function *function, void *given) {
    int number = (int)(intptr_t)given;
    struct start *start = malloc(sizeof *start);
    if (start == NULL) return EAGAIN;
    *start = (struct start){function, given};
    char text[400];
    kit_called(text, sizeof text, function, number);
    kit_note("create", "%d %s", number, text);
    int result = pthread_create(new, how, run, start);
    if (result == 0 && number < MOST_THREADS) {
        started[number] = *new;
        is_started[number] = 1;
    }
    return result;
}

int kit_join(pthread_t thread, void **result) {
    int number = MOST_THREADS - 1;
    while (number > 0 && !(is_started[number] && pthread_equal(started[number], thread))) number--;
    int failed = pthread_tryjoin_np(thread, result);
    if (failed == EBUSY) {
        kit_note("wait_for_thread", "%d", number);
        failed = pthread_join(thread, result);
        kit_note("go_on", "0");
    }
    if (failed == 0) {
        is_started[number] = 0; /* The system may give its name to another one. */
        kit_note("join", "%d", number);
    }
    return failed;
}

int kit_printf(const char *form, ...) {
    char text[4000], coded[8001];
    va_list given;
    va_start(given, form);
    int length = vsnprintf(text, sizeof text, form, given);
    va_end(given);
    if (length >= (int)sizeof text) length = sizeof text - 1;
    for (int i = 0; i < length; i++) snprintf(coded + 2 * i, 3, "%02x", (unsigned char)text[i]);
    kit_note("print", "%.*s", 2 * length, coded);
    return length;
}

void kit_value(const char *name, const volatile long long *words, long long length) {
    char text[4000];
    /* A long array takes several lines. */
    for (long long i = 0; i < length;) {
        for (int used = 0; i < length && used < (int)sizeof text - 24; i++)
            used += snprintf(text + used, sizeof text - (size_t)used, " %lld", words[i]);
        kit_note("value", "%s%s", name, text);
    }
}
