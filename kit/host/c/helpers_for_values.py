"""Helpers in C that compute: words, arrays, arithmetic as the lesson language has it."""

from __future__ import annotations

from kit.host.c.helper import Helper

VALUES: dict[str, Helper] = {
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
}
"""Name -> what it is, in the order in which they are written."""
