"""Helpers in C for processes, signals, files, pipes and shared memory."""

from __future__ import annotations

from kit.host.c.helper import Helper
from kit.lang.signals import Signal

PROCESSES: dict[str, Helper] = {
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
