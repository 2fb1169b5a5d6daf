"""What is not in the language is refused where it stands, with what to write instead."""

import ast
import re

import pytest

from kit import LanguageError, Program
from kit.lang.source import MAX_NESTING, MAX_TEXT, REFUSED

IN_MAIN = "g = 1\nlog = [0] * 3\ndef worker(a):\n    return a\ndef main():\n    x = 1\n    {}\n"

CONSTRUCTS: dict[type[ast.AST], tuple[str, int]] = {
    ast.Lambda: ("x = lambda: 1", 9),
    ast.ClassDef: ("class C: pass", 5),
    ast.AsyncFunctionDef: ("async def f(): pass", 5),
    ast.Import: ("import os", 5),
    ast.ImportFrom: ("from os import path", 5),
    ast.Try: ("try: x = y\n    except x: pass", 5),
    ast.TryStar: ("try: x = y\n    except* x: pass", 5),
    ast.Raise: ("raise x", 5),
    ast.AsyncWith: ("async with x: pass", 5),
    ast.AsyncFor: ("async for i in x: pass", 5),
    ast.Match: ("match x:\n        case y: pass", 5),
    ast.Delete: ("del x", 5),
    ast.Nonlocal: ("nonlocal x", 5),
    ast.NamedExpr: ("x = 1 + (y := 2)", 14),
    ast.Dict: ("x = {1: 2}", 9),
    ast.Set: ("x = {1, 2}", 9),
    ast.Tuple: ("x = 1, 2", 9),
    ast.List: ("x = x + [1]", 13),
    ast.ListComp: ("x = 1 + [i for i in x]", 13),
    ast.SetComp: ("x = {i for i in x}", 9),
    ast.DictComp: ("x = {i: i for i in x}", 9),
    ast.GeneratorExp: ("print(i for i in x)", 10),
    ast.Await: ("x = await x", 9),
    ast.Yield: ("x = yield 1", 9),
    ast.YieldFrom: ("x = yield from x", 9),
    ast.JoinedStr: ('x = f"{x}"', 9),
    ast.Attribute: ("x = x.y", 9),
    ast.Starred: ("print(*x)", 11),
    ast.Slice: ("x = log[1:2]", 13),
}

MISTAKES = {
    # statement in main -> column, and words the message must have
    "x = 1 / 2": (9, "'/' gives a fraction", "use '//'"),
    "x /= 2": (5, "'/' gives a fraction", "use '//'"),
    "x = x @ x": (9, "'@' is not in the lesson language", "use '*'"),
    "x = x is 1": (9, "'is' and 'in'", "use =="),
    "x = 1 in log": (9, "'is' and 'in'", "use == or a loop"),
    "x = None": (9, "None is not a whole number", "64-bit integers"),
    "x = 1.5": (9, "1.5 is not a whole number", "64-bit integers"),
    "x = 'a'": (9, "'a' is not a whole number", "texts are allowed only in print"),
    "x = b'a'": (9, "b'a' is not a whole number", "64-bit integers"),
    "x = ...": (9, "Ellipsis is not a whole number", "64-bit integers"),
    "x = 1j": (9, "1j is not a whole number", "64-bit integers"),
    "x = 1 << 2 + 9223372036854775808": (18, "does not fit into 64 bits", "use a smaller one"),
    "x = -9223372036854775809": (9, "does not fit into 64 bits", "use a smaller one"),
    "break": (5, "'break' is outside a loop", "put it into one"),
    "continue": (5, "'continue' is outside a loop", "put it into one"),
    "print(gg)": (11, "'gg' is not defined", "did you mean 'g'?"),
    "wroker(1)": (5, "'wroker' is not defined", "did you mean 'worker'?"),
    "x = lenght(log)": (9, "'lenght' is not defined", "did you mean 'len'?"),
    "print(zebra)": (11, "'zebra' is not defined", "use one of x, g, log"),
    "x = worker": (9, "'worker' is a function, not a value", "pass it to spawn"),
    "x = print": (9, "'print' is a function, not a value", "call it"),
    "x = worker()": (9, "'worker' takes 1 argument (a), 0 given", "pass one for each"),
    "x = worker(1, 2)": (9, "'worker' takes 1 argument (a), 2 given", "pass one for each"),
    "x = worker(b=1)": (18, "'worker' has no parameter 'b'", "use one of a"),
    "x = worker(1, a=1)": (21, "'worker' gets 'a' twice", "pass it once"),
    "x = worker(**g)": (18, "'**' is not in the lesson language", "one by one"),
    "x = worker(*log)": (16, "'*' is not in the lesson language", "one by one"),
    "x = main(a=1)": (9, "'main' returns nothing", "add 'return …'"),
    "main(a=1)": (12, "'main' has no parameter 'a'", "pass nothing"),
    "x = spawn(worker, b=1)": (25, "'worker' has no parameter 'b'", "use one of a"),
    "x = spawn(f=worker, a=1)": (9, "spawn takes 1 to 6 arguments, 0 given", "spawn(f, x)"),
    "sleep(n=1)": (5, "arguments have no names here", "pass them in order"),
    "x = spawn(worker)": (9, "'worker' takes 1 argument (a), 0 given", "pass one for each"),
    "x = spawn(1)": (15, "spawn takes a function", "write spawn(worker, 3)"),
    "x = spawn(worker(1))": (15, "spawn takes a function", "functions here: worker, main"),
    "x = gettid(1)": (9, "gettid takes 0 arguments, 1 given", "the calling thread's tid"),
    "print(1, 2, 3, 4, 5, 6, 7)": (5, "print shows 7 values here, at most 6", "another print"),
    "x = print(1)": (9, "print has no result", "call it on a line of its own"),
    "x = sleep(1)": (9, "sleep has no result", "call it on a line of its own"),
    "x = main()": (9, "'main' returns nothing", "add 'return …'"),
    "print(log)": (11, "an array cannot be printed whole", "print log[i]"),
    "x = len(x)": (13, "len takes the name of an array", "use a variable"),
    "x = len(3)": (13, "len takes the name of an array", "use a variable"),
    "x + 1": (5, "this computes a value and drops it", "assign it or print it"),
    "x()": (5, "'x' is a variable here", "call a function by its name"),
    "g()": (5, "'g' is a variable here", "call a function by its name"),
    "x = y\n    y = 1": (9, "'y' is assigned in this function, so it is local", "'global y'"),
    "g += 1": (5, "'g' is assigned in this function, so it is local", "'global g'"),
    "for i in x: pass": (14, "'for' goes over a range or an array", "'for i in range(n):'"),
    "for i in worker(1): pass": (14, "'for' goes over a range or an array", "'for x in log:'"),
    "for i in [1, 2]: pass": (14, "'for' goes over a range or an array", "'for x in log:'"),
    "for i in enumerate(log): pass": (14, "'for' goes over a range or an array", "range(n)"),
    "for i in range(3, x, y): pass": (26, "'y' is not defined", "use one of x, i"),
    "for i in range(n=3): pass": (14, "range takes one to three numbers", "write range(n)"),
    "for i in range(1, 2, 3, 4): pass": (14, "range takes one to three numbers", "range(n)"),
    "for i in range(3, 1, 0): pass": (14, "not 0", "write -1 or 2"),
    "for i in range(): pass": (14, "range takes one to three numbers", "range(n)"),
    "print(x, file=log)": (19, "print has no 'file'", "it has sep= and end="),
    "print(x, flush=True)": (20, "print has no 'flush'", "it has sep= and end="),
    "print(x, **log)": (16, "print has no '**'", "it has sep= and end="),
    "print(x, end='', end='.')": (26, "print gets 'end' twice", "pass it once"),
    "print(x, end=1)": (18, "end is a text", 'write it in quotes, as in end=""'),
    "print(x, sep=f'{x}')": (18, "sep is a text", 'as in sep=""'),
    "print(f'{x:z}')": (None, "a whole number is not formatted by 'z' here", "write {x}, {x:5}"),
    "print(f'{x:.2f}')": (None, "not formatted by '.2f' here", "{x:05d}"),
    "print(f'{x:,x}')": (None, "not formatted by ',x' here", "{x:x}"),
    "print(f'{x:1000}')": (None, "not formatted by '1000' here", "{x:05d}"),
    "print(f'{x!r:5}')": (None, "not formatted by '5' here", "{x:5}"),
    "print(f'{x:{g}}')": (None, "a format that is computed", "write the number, as in {x:5}"),
    "print(f'{log}')": (None, "an array cannot be printed whole", "print log[i]"),
    "print(f'{x / 2}')": (None, "'/' gives a fraction", "use '//'"),
    "print(f'{x}{x}{x}{x}{x}{x}{x}')": (5, "print shows 7 values here, at most 6", 'end=""'),
    "x = min()": (9, "min takes 1 to 6 arguments, 0 given", "min(x, y)"),
    "x = min(1)": (13, "min takes an array, or numbers", "write min(log) or min(x, y)"),
    "x = max(1, 2, 3, 4, 5, 6, 7)": (9, "max takes 1 to 6 arguments, 7 given", "max(x, y)"),
    "x = min(1, 2, key=worker)": (9, "arguments have no names here", "in order"),
    "x = abs()": (9, "abs takes 1 argument, 0 given", "abs(x)"),
    "x = sum(1, 2)": (13, "sum takes the name of an array", "add other numbers with +"),
    "x = sum(x for x in log)": (12, "a generator expression is not in", "range(…)"),
    "x = sum(x)": (13, "sum takes the name of an array", "add other numbers with +"),
    "x = max": (9, "'max' is not defined", "use one of x, g, log"),
    "y = [0] * x": (15, "a number that never changes", "write [0] * 8"),
    "y = [0] * 501": (9, "501 words on the stack, at most 500 fit", "or with alloc"),
    "y = [0] * 70000": (9, "an array of 70000 words", "1 to 65536"),
    "y = [0] * -1": (9, "an array of -1 words", "1 to 65536"),
    "y = []": (9, "an array without words", "log = [0] * 8"),
    "y = [1, 2] * 3": (9, "2 elements repeated", "repeat one"),
    "y = z = [0] * 3": (5, "two names for one array", "its own line"),
    "log[0] = [1]": (14, "a list here is not in", "on a line of its own"),
    "y, z = [0] * 3, 1": (12, "a list here is not in", "on a line of its own"),
    "x = [0] * 3": (5, "'x' is an array (line 7) and stays one", "or take another name"),
    "y = [0] * 3\n    y = [0] * 4": (5, "'y' is an array of 3 words and stays one", "another name"),
    "y = [0] * 3\n    y += 1": (5, "'y' is an array (line 7) and stays one", "assign y[i]"),
    "y = [0] * 3\n    for y in range(3): pass": (9, "'y' is an array (line 7)", "assign y[i]"),
    "y = [0] * 3\n    for x in y:\n        y = [1] * 3": (
        14,
        "'y' is made again in this loop",
        "name",
    ),
    "y = [0] * 3\n    return y": (12, "'y' is in the stack frame of this call", "to fill"),
    "global g\n    g = [0] * 3": (5, "'g' is a global number", "at module level"),
    "global log\n    log = [0] * 3": (5, "'log' is an array and stays one", "assign log[i]"),
    "y = [Lock()] * 3": (9, "in Python this is one Lock, 3 times", "[Lock() for _ in range(3)]"),
    "y = [Lock(), Lock()]": (9, "a Lock is made at module level", "use it here"),
    "y = [[0] * 4] * 3": (9, "in Python this is one row, 3 times", "[[0] * 4 for _ in range(3)]"),
    "y = [[1, 2], [3]]": (18, "a row of 1 among rows of 2", "equally long"),
    "y = [[1, 2], 3]": (18, "an array holds rows or numbers, not both", "a row here"),
    "y = [[[1]]]": (10, "at most two dimensions", "arrays of rows"),
    "y = [i for i in range(3)]": (10, "what is repeated here is a number", "with a loop"),
    "y = [0 for i in log]": (9, "one 'for _ in range(n)' here", "with a loop"),
    "y = [0 for i in range(3) if i]": (9, "one 'for _ in range(n)' here", "with a loop"),
    "y = [0 for i in range(3) for j in range(3)]": (9, "one 'for _ in range(n)'", "a loop"),
    "y = [[0, 1], [2, 3]]\n    y[0] = 1": (5, "'y[i]' is a row and stays one", "assign y[i][j]"),
    "y = [[0, 1], [2, 3]]\n    x = y": (9, "'y' is an array of rows", "take a row, y[i]"),
    "y = [[0, 1], [2, 3]]\n    worker(y)": (12, "'y' is an array of rows", "take a row, y[i]"),
    "y = [[0, 1], [2, 3]]\n    x = sum(y)": (13, "this is an array of rows", "take one row"),
    "y = [[0, 1], [2, 3]]\n    print(y[0])": (11, "cannot be printed whole", "print log[i]"),
    "y = [[0, 1], [2, 3]]\n    x = y[0, 1]": (11, "a tuple is not in", "one variable for each"),
    "y = [0] * 3\n    x = y[4:]": (11, "a slice is not in", "use one index"),
    "x = y[0]\n    y = [1]": (9, "'y' is assigned in this function", "assign it first"),
    "x.acquire()": (5, "'x' is a number as far as is known", "'x: Lock'"),
    "with x: pass": (10, "'with' takes a Lock, Semaphore or Condition", "at module level"),
    "x = sorted(log)": (9, "'sorted' is not in the lesson language", "'if' and a loop"),
    "for i, j in range(3): pass": (9, "the loop variable is a plain name", "use 'for i in'"),
    "for log[0] in range(3): pass": (9, "the loop variable is a plain name", "use 'for i in'"),
    "for i in range(3): pass\n    else: pass": (None, "'else' of a loop", "after the loop"),
    "while x: pass\n    else: pass": (None, "'else' of a loop", "after the loop"),
    "def inner(): pass": (5, "functions do not nest", "define it at module level"),
    "print = 1": (1, "'print' is built in", "choose another name"),
    "range = 1": (1, "'range' is built in", "choose another name"),
    "global x": (5, "'x' is used before 'global x'", "put it at the top"),
    "x, y = 1, 2, 3": (5, "3 values for 2 variables", "write one for each"),
    "x, y = worker(1)": (12, "one value for 2 variables", "as in a, b = b, a"),
    "x, y = 1": (12, "one value for 2 variables", "as in a, b = b, a"),
    "x = y, z = 1, 2": (16, "a tuple is not in the lesson language", "one variable for each value"),
    "x, (y, z) = 1, (2, 3)": (8, "a tuple is not in the lesson language", "one variable for"),
    "x, *y = 1, 2": (8, "'*' is not in the lesson language", "one by one"),
    "x, y = (1, 2), 3": (12, "a tuple is not in the lesson language", "one variable for each"),
    "x, y, z, a, b, c = 1, 2, 3, 4, 5, 6": (5, "6 assignments at once", "use two lines"),
    "x, g.y = 1, 2": (8, "'.' is not in the lesson language", "there are no objects"),
    "x, y = y, 1": (12, "'y' is assigned in this function, so it is local", "assign it first"),
    "global g\n    g: int = 3": (5, "'g' is a global, which gets its type", "leave it out here"),
    "y = [0] * 3\n    x = y == log": (14, "two arrays are not compared whole", "in a loop"),
    "y = [[0], [1]]\n    x = y[0] == y[1] == 1": (17, "two arrays are not compared whole", "loop"),
    "y: int": (5, "'y' gets a type here and no value", "write y = 0"),
    "y: int\n    print(y)": (5, "'y' gets a type here and no value", "write y = 0"),
    "x = 1 if x else None": (21, "None is not a whole number", "64-bit integers"),
    "x = y if x else 1": (9, "'y' is not defined", "use one of x"),
    "log[1, 2] = 3": (9, "a tuple is not in the lesson language", "one variable for each value"),
}

MODULES = {
    # text of a whole program -> line, column, and words the message must have
    "x = 1\n": (1, 1, "there is no main()", "add 'def main():'"),
    "def main(a):\n    pass\n": (1, 1, "main() takes no parameters", "read globals"),
    "print(1)\ndef main(): pass\n": (1, 1, "only globals and functions", "put this into main()"),
    "return\ndef main(): pass\n": (1, 1, "only globals and functions", "put this into main()"),
    "break\ndef main(): pass\n": (1, 1, "only globals and functions", "put this into main()"),
    "global x\ndef main(): pass\n": (1, 1, "only globals and functions", "put this into main()"),
    "import os\ndef main(): pass\n": (1, 1, "'import' is not in", "a program imports nothing"),
    "x = 1\nx = 2\ndef main(): pass\n": (2, 1, "'x' is already defined", "another name"),
    "def f(): pass\ndef f(): pass\ndef main(): pass\n": (2, 1, "'f' is already", "another name"),
    "len = 3\ndef main(): pass\n": (1, 1, "'len' is built in", "choose another name"),
    "x = f()\ndef main(): pass\n": (1, 5, "a global starts as a whole number", "in main()"),
    "x = [[1, 2], [3]]\ndef main(): pass\n": (1, 14, "a row of 1 among rows of 2", "equally"),
    "x = [[0] * 4] * 3\ndef main(): pass\n": (1, 5, "this is one row, 3 times", "for _ in"),
    "x = [[Lock()], [Lock()]]\ndef main(): pass\n": (1, 5, "Locks cannot be in", "each row"),
    "x = [0 for _ in range(n)]\ndef main(): pass\n": (1, 23, "a global starts as", "in main()"),
    "def f(a):\n    a = [0] * 2\ndef main(): pass\n": (2, 5, "'a' is a parameter", "of its own"),
    "n = 3\ndef main():\n    global n\n    y = [0] * n\n    n = 4\n": (
        4, 15, "a number that never changes", "write [0] * 8"),
    "k = Lock()\ndef main(): k.acquire(1, 2, 3)\n": (
        2, 13, "acquire takes no such arguments here", "acquire(timeout=20)"),
    "k = Lock()\ndef main(): k.acquire(wait=0)\n": (2, 13, "no such", "acquire(blocking=False)"),
    "k = Lock()\ndef main(): k.acquire(True, blocking=False)\n": (2, 13, "no such", "timeout=20"),
    "k = Lock()\nx = 1\ndef main(): k.acquire(x)\n": (3, 13, "'blocking' is True or False", "or"),
    "k = Lock()\ndef main(): k.acquire(False, 3)\n": (2, 13, "needs no timeout", "leave out one"),
    "k = Lock()\ndef main(): k.acquire(timeout=-1)\n": (2, 13, "of -1 ticks", "give 0 or more"),
    "k = Condition()\ndef main(): k.wait(blocking=False)\n": (2, 13, "wait takes no such", "=20"),
    "k = Lock()\ndef main(): x = k.release()\n": (2, 17, "release has no result", "of its own"),
    "c = Condition(k)\nk = Lock()\ndef main(): pass\n": (
        1, 15, "a condition is made with a Lock", "defined above it"),
    "k = [Lock()]\nc = Condition(k)\ndef main(): pass\n": (2, 15, "an array of Locks", "k[0]"),
    "k = Lock()\nc = Condition(k[0])\ndef main(): pass\n": (2, 15, "one Lock", "drop the index"),
    "k = [Lock()]\nc = Condition(k[1])\ndef main(): pass\n": (2, 15, "'k' has 1 Lock", "index 1"),
    "k = Lock()\nc = Condition(k, k)\ndef main(): pass\n": (2, 5, "one lock or", "Condition(lock)"),
    "c = Condition(1)\ndef main(): pass\n": (1, 15, "is made with a Lock", "Condition()"),
    "k = Lock()\ndef f(a): pass\ndef main():\n    f(k)\n    f(1)\n": (
        5, 7, "'f' takes a Lock as 'a', and this is a number", "the same kind"),
    "k = Lock()\ns = Semaphore(1)\ndef f(a): pass\ndef main():\n    f(k)\n    spawn(f, s)\n": (
        6, 14, "'f' takes a Lock as 'a', and this is a Semaphore", "the same kind"),
    "def f(a):\n    with a: pass\ndef main():\n    f(3)\n": (4, 7, "'f' takes a Lock", "same kind"),
    "def f(a: Lock): pass\ndef main():\n    f(3)\n": (3, 7, "'f' takes a Lock", "the same kind"),
    "k = Lock()\ndef main():\n    a = k\n    a = 1\n": (4, 9, "'a' is a Lock elsewhere", "name"),
    "k = Lock()\nx = [8]\ndef f(a):\n    for a in x:\n        a.acquire()\ndef main(): f(k)\n": (
        4, 14, "'a' is a Lock elsewhere, and this is a number", "another name"),
    "k = Lock()\ndef main():\n    a = k\n    print(a)\n": (4, 11, "'a' is a Lock", "address"),
    "k = Lock()\ndef main():\n    a = k\n    a += 1\n": (4, 5, "'a' is a Lock, not a", "address"),
    "k = Lock()\ndef main():\n    a = k if 1 else 2\n": (3, 9, "a Lock or a number", "'if'"),
    "k = Lock()\nx = 1\ndef main():\n    global x\n    x = k\n": (5, 9, "is a Lock", "address"),
    "k = Lock()\ndef f(): return k\ndef main(): f()\n": (2, 17, "is a Lock, not", "address"),
    "k = Lock()\ndef f(a): a.wait()\ndef main(): f(k)\n": (2, 11, "a Lock has no 'wait'", "use"),
    "k = Lock()\ndef main():\n    for a in k: pass\n": (3, 14, "'k' is a Lock, not", "address"),
    "k = [Lock()]\ndef f(a): pass\ndef main():\n    f(k)\n": (4, 7, "'k' is a Lock", "address"),
    "x = [1] * 0\ndef main(): pass\n": (1, 5, "an array of 0 words", "1 to 65536"),
    "x = [1] * 65537\ndef main(): pass\n": (1, 5, "an array of 65537 words", "1 to 65536"),
    "x = [[0] * 65536 for _ in range(65536)]\ndef main(): pass\n": (
        1, 5, "an array of 4294967296 words", "1 to 65536"),
    f"x = [{', '.join(['[0] * 65536'] * 3)}]\ndef main(): pass\n": (
        1, 5, "an array of 131072 words", "1 to 65536"),
    "x = []\ndef main(): pass\n": (1, 5, "an array without words", "log = [0] * 8"),
    "x = y = [1]\ndef main(): pass\n": (1, 1, "two names for one array", "its own line"),
    "x = {}\ndef main(): pass\n": (1, 5, "a dictionary", "use an array"),
    "x, y = 1\ndef main(): pass\n": (1, 8, "one value for 2 variables", "as in a, b = b, a"),
    "x, y = 1, 2, 3\ndef main(): pass\n": (1, 1, "3 values for 2 variables", "one for each"),
    "x, x = 1, 2\ndef main(): pass\n": (1, 4, "'x' is already defined", "another name"),
    "x, y = 1, x\ndef main(): pass\n": (1, 11, "a global starts as a whole number", "in main()"),
    "x: int\ndef main(): pass\n": (1, 1, "'x' gets a type here and no value", "write x = 0"),
    "def main(): pass\nif __name__ == '__main__':\n    print(1)\n": (
        2, 1, "a process starts in main() by itself", "leave this out"),
    "def main(): pass\nif __name__ != '__main__':\n    main()\n": (
        2, 1, "a process starts in main() by itself", "leave this out"),
    "if __name__ == '__main__': main()\ndef main(): pass\n": (
        1, 1, "a process starts in main() by itself", "as the last line"),
    "def main(): pass\nif __name__ == '__main__':\n    main()\nelse:\n    pass\n": (
        2, 1, "a process starts in main() by itself", "leave this out"),
    "main()\ndef main(): pass\n": (1, 1, "a process starts in main() by itself", "the last line"),
    "if 1: pass\ndef main(): pass\n": (1, 1, "only globals and functions", "put this into main()"),
    "@f\ndef main(): pass\n": (1, 2, "a decorator", "call the function directly"),
    "def f(*a): pass\ndef main(): pass\n": (1, 1, "plain names", "one by one"),
    "def f(a=None): pass\ndef main(): pass\n": (1, 9, "default of 'a' is not a", "write a=0"),
    "def f(a=[1]): pass\ndef main(): pass\n": (1, 9, "default of 'a' is not a", "write a=0"),
    "def f(a=g): pass\ng = 1\ndef main(): pass\n": (1, 9, "default of 'a' is not", "write a=0"),
    "def f(a=1 << 70): pass\ndef main(): pass\n": (1, 9, "default of 'a' is not", "write a=0"),
    "def f(a=9223372036854775808): pass\ndef main(): pass\n": (1, 9, "64 bits", "smaller one"),
    "def f(*, a): pass\ndef main(): pass\n": (1, 1, "plain names", "one by one"),
    "def f(a, b=2):\n    return a\ndef main():\n    f()\n": (
        4, 5, "'f' takes 1 to 2 arguments (a, b=2), 0 given", "pass one for each"),
    "def f(a, b=2):\n    return a\ndef main():\n    f(b=1)\n": (
        4, 5, "'f' takes 1 to 2 arguments (a, b=2), 1 given", "pass one for each"),
    "def f(a, a): pass\ndef main(): pass\n": (1, 7, "two parameters 'a'", "another name"),
    "def f(a, b, c, d, e, f): pass\ndef main(): pass\n": (1, 1, "6 parameters", "at most 5 fit"),
    "def f(print): pass\ndef main(): pass\n": (1, 1, "'print' is built in", "another name"),
    "cuonter = 1\ndef main():\n    global counter\n": (3, 5, "no global 'counter'", "'cuonter'"),
    "def f(a):\n    if a: return 1\ndef main(): pass\n": (1, 1, "on one path", "'return 0'"),
    "def f(a):\n    if a:\n        return\n    return 1\ndef main(): pass\n": (
        3, 9, "'return' without a value", "write 'return 0'"),
    "log = [1]\ndef main():\n    log = 2\n    print(log[0])\n    global log\n": (
        5, 5, "used before 'global log'", "at the top"),
    "log = [1]\ndef main():\n    global log\n    log = 2\n": (4, 5, "is an array", "log[i]"),
    "def main(:\n    pass\n": (1, 10, "Python cannot read this", "correct the line"),
    "def main():\n  x = 1\n y = 2\n": (3, 7, "Python cannot read this", "correct the line"),
}  # fmt: skip


def refusal(text: str, name: str = "p") -> LanguageError:
    """Return the error with which a program is refused."""
    with pytest.raises(LanguageError) as caught:
        Program(name, text)
    return caught.value


def test_lambda_is_refused_as_the_design_shows_it():
    """The message is, word for word, the example everyone learns the form from."""
    text = "counter = 0\n\n\ndef main():\n    x = 0\n\n    x =    lambda: 1\n"
    assert str(refusal(text, "counter")) == (
        "counter.py:7:12: 'lambda' is not in the lesson language; "
        "define a function with 'def' and pass its name"
    )


def test_every_refused_construct_has_an_example_here():
    """A construct added to the table of refusals needs a test."""
    assert CONSTRUCTS.keys() == REFUSED.keys()


@pytest.mark.parametrize("construct", REFUSED, ids=lambda kind: kind.__name__)
def test_construct_is_refused_where_it_stands(construct: type[ast.AST]):
    """File, line and column, what was found, and what to write instead."""
    statement, column = CONSTRUCTS[construct]
    found, advice = REFUSED[construct]
    error = refusal(IN_MAIN.format(statement))
    assert str(error) == f"p.py:7:{column}: {found} is not in the lesson language; {advice}"
    assert (error.file, error.line, error.column) == ("p.py", 7, column)


@pytest.mark.parametrize("statement", MISTAKES)
def test_mistake_is_explained(statement: str):
    """A slip inside a function is answered where it is, with what to do."""
    column, *words = MISTAKES[statement]
    error = refusal(IN_MAIN.format(statement))
    assert all(word in str(error) for word in words), error
    assert column in (None, error.column)
    assert error.line in (5, 6, 7, 8)


@pytest.mark.parametrize("text", MODULES)
def test_mistake_at_module_level_is_explained(text: str):
    """A slip in the shape of a program is answered where it is, with what to do."""
    line, column, *words = MODULES[text]
    error = refusal(text)
    assert all(word in str(error) for word in words), error
    assert (error.line, error.column) == (line, column)


@pytest.mark.parametrize("text", [*MODULES, *(IN_MAIN.format(s) for s in MISTAKES)])
def test_refusal_is_one_sentence_with_advice(text: str):
    """A refusal is one line: place, what was found, what to do."""
    assert re.fullmatch(r"p\.py:\d+:\d+: [^\n]+[;:,] [^\n]+[^.\n]", str(refusal(text)))


def test_columns_count_characters_and_not_bytes():
    """Letters that take more than one byte do not shift the place."""
    assert refusal('def main():\n    print("äöü→", 1.5)\n').column == 19


def test_unknown_name_of_a_temporary_is_not_offered():
    """Slots the compiler makes for itself are no names to write."""
    error = refusal("def main():\n    for i in range(3):\n        print(q)\n")
    assert "use one of i" in str(error)
    assert "@" not in str(error)


def test_nesting_has_a_limit_that_is_told():
    """Nesting is accepted up to a depth far below what Python stands."""
    fine = "def main():\n    x = " + "-" * (MAX_NESTING - 10) + "1\n    print(x)\n"
    Program("p", fine)
    for depth in (MAX_NESTING, 500):
        text = "def main():\n    x = " + "1 + (" * depth + "1" + ")" * depth + "\n"
        assert re.search("nested|nesting|nested parentheses", str(refusal(text)))


@pytest.mark.parametrize(
    "text",
    [
        "-" * 100_000 + "1",
        "(" * 100_000,
        "\0",
        "a\0b",
        "\ud800",
        "x = 1 +" * 10_000,
        "if 1:\n" * 300,
        "[" * 5000 + "]" * 5000,
    ],
)
def test_hopeless_text_is_refused(text: str):
    """What Python's own parser chokes on is a refusal too."""
    assert str(refusal("def main():\n    x = " + text)).startswith("p.py:")


def test_huge_text_is_refused():
    """A text beyond the limit is refused with the limit."""
    assert f"at most {MAX_TEXT} fit" in str(refusal("#" * (MAX_TEXT + 1)))


def test_a_number_of_five_thousand_digits_is_refused():
    """A number Python would need long for is refused."""
    assert "Python cannot read this" in str(refusal("x = " + "9" * 5000))
    assert "does not fit into 64 bits" in str(refusal("x = 0x" + "9" * 5000))


@pytest.mark.slow
def test_too_many_different_prints_are_refused():
    """The number of a print's texts has to fit into an instruction."""
    lines = "".join(f'    print("{n}")\n' for n in range(4097))
    assert "has more than 4096 different texts" in str(refusal("def main():\n" + lines))
    Program("p", "def main():\n" + "".join(f'    print("{n % 4096}")\n' for n in range(5000)))
