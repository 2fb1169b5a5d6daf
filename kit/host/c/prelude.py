"""What a translation needs besides: small functions in C, of which each has those that it uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kit.lang.signals import Signal


class Helper(NamedTuple):
    """A piece of C.

    Attributes
    ----------
    text : str
    needs : tuple of str
        Other helpers that it uses.
    headers : tuple of str
    """

    text: str
    needs: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


HELPERS: dict[str, Helper] = {
    "word": Helper("typedef long long word;  // what the lesson's machine computes with: 64 bits"),
    "ADDRESS": Helper(
        "#define ADDRESS(variable) ((word)(intptr_t)&(variable))", headers=("stdint.h",)
    ),
    "POINTER": Helper(
        "#define POINTER(address) ((void *)(intptr_t)(address))", headers=("stdint.h",)
    ),
    "WORDS": Helper(
        "// The words at an address; volatile: each is loaded and stored where the lesson says.\n"
        "#define WORDS(address) ((volatile word *)(intptr_t)(address))",
        headers=("stdint.h",),
    ),
    "TICK": Helper("#define TICK 100000  // a tick of the lesson's machine, in nanoseconds"),
    "at": Helper(
        "// The place of an element, checked as in Python: -1 is the last one.\n"
        "word at(word index, word length) {\n"
        "    if (index < -length || index >= length) {\n"
        '        fprintf(stderr, "index %lld of an array of %lld\\n", index, length);\n'
        "        abort();\n"
        "    }\n"
        "    return index < 0 ? index + length : index;\n"
        "}",
        headers=("stdio.h", "stdlib.h"),
    ),
    "floor_div": Helper(
        "// Python rounds down, C towards 0.\n"
        "word floor_div(word a, word b) {\n"
        "    if (b == 0) raise(SIGFPE);\n"
        "    if (b == -1) return -a;\n"
        "    word quotient = a / b;\n"
        "    return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;\n"
        "}",
        headers=("signal.h",),
    ),
    "floor_mod": Helper(
        "// What is left of that division: it has the sign of b.\n"
        "word floor_mod(word a, word b) {\n"
        "    return a - floor_div(a, b) * b;\n"
        "}",
        ("floor_div",),
    ),
    "power": Helper(
        "word power(word base, word exponent) {\n"
        "    if (exponent < 0) raise(SIGFPE);\n"
        "    word result = 1;\n"
        "    for (; exponent > 0; exponent >>= 1, base *= base)\n"
        "        if (exponent & 1) result *= base;\n"
        "    return result;\n"
        "}",
        headers=("signal.h",),
    ),
    "shift_left": Helper(
        "word shift_left(word value, word count) {\n"
        "    if (count < 0) raise(SIGFPE);\n"
        "    return count < 64 ? (word)((unsigned long long)value << count) : 0;\n"
        "}",
        headers=("signal.h",),
    ),
    "shift_right": Helper(
        "word shift_right(word value, word count) {\n"
        "    if (count < 0) raise(SIGFPE);\n"
        "    return value >> (count < 63 ? count : 63);\n"
        "}",
        headers=("signal.h",),
    ),
    "formatted": Helper(
        "// A number as Python formats it.\n"
        "char *formatted(char *to, word value, unsigned base, const char *digits, "
        "const char *prefix,\n"
        "                char group, char sign, char fill, char align, word width) {\n"
        "    char head[8] = {0}, body[100];\n"
        "    int length = 0, count = 0;\n"
        "    unsigned long long rest = value < 0 ? -(unsigned long long)value\n"
        "                                        : (unsigned long long)value;\n"
        "    do {\n"
        "        if (group && count > 0 && count % (base == 10 ? 3 : 4) == 0)\n"
        "            body[length++] = group;\n"
        "        body[length++] = digits[rest % base];\n"
        "        count++;\n"
        "    } while ((rest /= base) > 0);\n"
        "    if (value < 0 || sign) head[0] = value < 0 ? '-' : sign;\n"
        "    strcat(head, prefix);\n"
        "    word blanks = width - length - (word)strlen(head), before = 0;\n"
        "    if (blanks < 0) blanks = 0;\n"
        "    if (align == '>') before = blanks;\n"
        "    if (align == '^') before = blanks / 2;\n"
        "    char *end = to;\n"
        "    for (word i = 0; i < before; i++) *end++ = fill;\n"
        "    for (const char *from = head; *from; from++) *end++ = *from;\n"
        "    if (align == '=')\n"
        "        for (word i = 0; i < blanks; i++) *end++ = fill;\n"
        "    while (length > 0) *end++ = body[--length];\n"
        "    if (align == '<' || align == '^')\n"
        "        for (word i = before; i < blanks; i++) *end++ = fill;\n"
        "    *end = 0;\n"
        "    return to;\n"
        "}",
        headers=("string.h",),
    ),
    "smaller": Helper("word smaller(word a, word b) {\n    return b < a ? b : a;\n}"),
    "larger": Helper("word larger(word a, word b) {\n    return b > a ? b : a;\n}"),
    "magnitude": Helper("word magnitude(word a) {\n    return a < 0 ? -a : a;\n}"),
    "smallest": Helper(
        "word smallest(const word *words, word length) {\n"
        "    word result = words[0];\n"
        "    for (word i = 1; i < length; i++) result = smaller(result, words[i]);\n"
        "    return result;\n"
        "}",
        ("smaller",),
    ),
    "largest": Helper(
        "word largest(const word *words, word length) {\n"
        "    word result = words[0];\n"
        "    for (word i = 1; i < length; i++) result = larger(result, words[i]);\n"
        "    return result;\n"
        "}",
        ("larger",),
    ),
    "total_of": Helper(
        "word total_of(const word *words, word length, word total) {\n"
        "    for (word i = 0; i < length; i++) total += words[i];\n"
        "    return total;\n"
        "}"
    ),
    "MOST_THREADS": Helper(
        "#define MOST_THREADS 1000\n"
        "pthread_t threads[MOST_THREADS];       // by number; main is thread 1\n"
        "word arguments[MOST_THREADS][5];       // what the function of a thread is given\n"
        "atomic_int last_thread = 1;\n"
        "_Thread_local word this_thread = 1;",
        headers=("pthread.h", "stdatomic.h", "stdint.h"),
    ),
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
    "last_status": Helper(
        "_Thread_local int last_status;  // of the child last waited for, as waitpid tells it"
    ),
    "exit_code": Helper(
        "word exit_code(void) { return WIFEXITED(last_status) ? WEXITSTATUS(last_status) : -1; }",
        ("last_status",),
        ("sys/wait.h",),
    ),
    "term_signal": Helper(
        "word term_signal(void) { return WIFSIGNALED(last_status) ? WTERMSIG(last_status) : 0; }",
        ("last_status",),
        ("sys/wait.h",),
    ),
    "wait_for": Helper(
        "// Wait for a child to end, any if pid is -1; its pid, or -1 if there is none.\n"
        "word wait_for(word pid) {\n"
        "    int status;\n"
        "    if (pid == 0 || pid < -1) return -1;\n"
        "    pid_t ended = waitpid((pid_t)pid, &status, 0);\n"
        "    if (ended < 0) return -1;\n"
        "    last_status = status;\n"
        "    return ended;\n"
        "}",
        ("last_status",),
        ("sys/wait.h",),
    ),
    "end_process": Helper(
        "// Only one process: 0 and less would name whole groups of them.\n"
        "word end_process(word pid) {\n"
        "    return pid > 1 && pid != getpid() && kill((pid_t)pid, SIGKILL) == 0 ? 0 : -1;\n"
        "}",
        headers=("signal.h", "unistd.h"),
    ),
    "is_signal": Helper(
        "// Whether the lesson's machine has a signal of that number.\n"
        "int is_signal(word number) {\n"
        "    switch (number) {\n"
        + "".join(f"    case {signal.name}:\n" for signal in Signal)
        + "        return 1;\n"
        "    }\n"
        "    return 0;\n"
        "}",
        headers=("signal.h",),
    ),
    "send_signal": Helper(
        "// Only to one process: 0 and less would name whole groups of them.\n"
        "word send_signal(word pid, word number) {\n"
        "    if (pid <= 1 || !is_signal(number)) return -1;\n"
        "    return kill((pid_t)pid, (int)number) == 0 ? 0 : -1;\n"
        "}",
        ("is_signal",),
        ("signal.h", "unistd.h"),
    ),
    "ignore_signal": Helper(
        "// Ignoring SIGCHLD would take away the children that one could wait for.\n"
        "word ignore_signal(word number) {\n"
        "    if (number == SIGCHLD || !is_signal(number)) return -1;\n"
        "    return signal((int)number, SIG_IGN) != SIG_ERR ? 0 : -1;\n"
        "}",
        ("is_signal",),
        ("signal.h",),
    ),
    "run_program": Helper(
        "// Another program in this process; it returns only if there is none of that name.\n"
        "word run_program(const char *path) {\n"
        "    execl(path, path, (char *)NULL);\n"
        "    return -1;\n"
        "}",
        headers=("unistd.h",),
    ),
    "open_file": Helper(
        "word open_file(const char *name, int flags) {\n    return open(name, flags, 0600);\n}",
        headers=("fcntl.h",),
    ),
    "read_word": Helper(
        "// The next word of a file or pipe; -1 at its end.\n"
        "word read_word(word descriptor) {\n"
        "    word value;\n"
        "    return read((int)descriptor, &value, sizeof value) == sizeof value ? value : -1;\n"
        "}",
        headers=("unistd.h",),
    ),
    "write_word": Helper(
        "word write_word(word descriptor, word value) {\n"
        "    return write((int)descriptor, &value, sizeof value) == sizeof value ? 0 : -1;\n"
        "}",
        headers=("unistd.h",),
    ),
    "read_words": Helper(
        "// At most so many words, as many as are there; how many came.\n"
        "word read_words(word descriptor, word buffer, word most) {\n"
        "    if (most < 0) return -1;\n"
        "    ssize_t got = read((int)descriptor, (void *)buffer, (size_t)most * sizeof(word));\n"
        "    return got < 0 ? -1 : (word)got / (word)sizeof(word);\n"
        "}",
        headers=("unistd.h",),
    ),
    "write_words": Helper(
        "word write_words(word descriptor, word buffer, word count) {\n"
        "    if (count < 0) return -1;\n"
        "    ssize_t put = write((int)descriptor, (void *)buffer, (size_t)count * sizeof(word));\n"
        "    return put < 0 ? -1 : (word)put / (word)sizeof(word);\n"
        "}",
        headers=("unistd.h",),
    ),
    "seek_word": Helper(
        "word seek_word(word descriptor, word place) {\n"
        "    if (place < 0) return -1;\n"
        "    return lseek((int)descriptor, place * (word)sizeof(word), SEEK_SET) < 0 ? -1 : 0;\n"
        "}",
        headers=("unistd.h",),
    ),
    "close_file": Helper(
        "word close_file(word descriptor) {\n    return close((int)descriptor);\n}",
        headers=("unistd.h",),
    ),
    "make_pipe": Helper(
        "// A pipe: reads from descriptor d, writes to d + 1.\n"
        "word make_pipe(void) {\n"
        "    int ends[2];\n"
        "    if (pipe(ends) != 0) return -1;\n"
        "    while (ends[1] != ends[0] + 1) {\n"
        "        int first = fcntl(ends[0], F_DUPFD, ends[1] + 1);\n"
        "        int second = fcntl(ends[1], F_DUPFD, first + 1);\n"
        "        close(ends[0]);\n"
        "        close(ends[1]);\n"
        "        if (first < 0 || second < 0) return -1;\n"
        "        ends[0] = first;\n"
        "        ends[1] = second;\n"
        "    }\n"
        "    return ends[0];\n"
        "}",
        headers=("fcntl.h", "unistd.h"),
    ),
    "share": Helper(
        "// Words that all processes share that ask for the same name: a file, mapped to memory.\n"
        "word share(const char *name, word length) {\n"
        "    int file = open(name, O_RDWR | O_CREAT, 0600);\n"
        "    off_t bytes = length * (word)sizeof(word);\n"
        "    if (file < 0) return 0;\n"
        "    if (lseek(file, 0, SEEK_END) < bytes && ftruncate(file, bytes) != 0) return 0;\n"
        "    int mode = PROT_READ | PROT_WRITE;\n"
        "    void *memory = mmap(NULL, (size_t)bytes, mode, MAP_SHARED, file, 0);\n"
        "    close(file);\n"
        "    return memory == MAP_FAILED ? 0 : (word)(intptr_t)memory;\n"
        "}",
        headers=("fcntl.h", "stdint.h", "sys/mman.h", "unistd.h"),
    ),
    "allocate": Helper(
        "word allocate(word length) {\n"
        "    if (length < 1 || length > 1 << 28) return 0;\n"
        "    return (word)(intptr_t)malloc((size_t)length * sizeof(word));\n"
        "}",
        headers=("stdint.h", "stdlib.h"),
    ),
    "pick": Helper(
        "// One of so many, by chance; each process has its own.\n"
        "word pick(word count) {\n"
        "    static _Thread_local unsigned seed;\n"
        "    struct timespec now;\n"
        "    if (count < 1) raise(SIGFPE);\n"
        "    clock_gettime(CLOCK_REALTIME, &now);\n"
        "    if (seed == 0) seed = (unsigned)(now.tv_nsec ^ getpid());\n"
        "    return rand_r(&seed) % count;\n"
        "}",
        headers=("signal.h", "stdlib.h", "time.h", "unistd.h"),
    ),
}
"""Name -> what it is, in the order in which they are written."""

NAMES = frozenset({*HELPERS, "threads", "arguments", "last_thread", "this_thread", "main"})
"""Names that they take."""


def prelude(used: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the headers and the texts of some helpers and of all that these need."""
    wanted, waiting = set[str](), [*used]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting += HELPERS[name].needs
    found = [helper for name, helper in HELPERS.items() if name in wanted]
    headers = {header for helper in found for header in helper.headers}
    return sorted(headers), [helper.text for helper in found]
