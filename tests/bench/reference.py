"""A plain interpreter of the same instructions, to compare the machine's speed with.

It is written the way a first version of such a simulator is: registers in a dict, one
chain of comparisons, memory behind a page table as in the machine, and for every
instruction it retires a formatted line with what a reader wants to see: tick, thread,
address, the instruction as the disassembler prints it, the value and all registers.
"""

from kit import Program
from kit.lang.call_instructions import NAMES
from kit.lang.instructions import REGISTER_NAMES, WORD, Instruction

STACK = 4096
PAGE = 1024
MEMORY = 1 << 20


class ReferenceThread:
    """Registers by name, and where the thread goes on."""

    def __init__(self, tid: int, pc: int, stack: int, arguments: tuple[int, ...]) -> None:
        self.tid, self.pc, self.waits_for = tid, pc, 0
        self.registers = dict.fromkeys(REGISTER_NAMES, 0)
        self.registers["sp"] = stack - WORD * (len(arguments) + 1)
        self.registers["fp"] = stack
        self.ended = False


class ReferenceMachine:
    """One core, round robin, one process.

    Attributes
    ----------
    lines : list of str
        What happened, a line an instruction.
    """

    def __init__(self, program: Program, quantum: int) -> None:
        self.image, self.quantum = program.image, quantum
        self.memory: dict[int, int] = {}
        self.page_table: dict[int, int] = {}
        for place, word in enumerate(program.image.data):
            self.write(place * WORD, word)
        self.lines: list[str] = []
        self.threads: dict[int, ReferenceThread] = {}
        self.tick = 0
        self.start(self.image.entry, ())

    def start(self, pc: int, arguments: tuple[int, ...]) -> int:
        """Make a thread with a stack of its own that returns to the end of the thread."""
        tid = len(self.threads) + 1
        top = MEMORY - tid * STACK
        routine = self.image.routine_at(pc)
        silent = routine is not None and not routine.returns_value
        words = (self.image.thread_exit + silent, *reversed(arguments))
        for place, word in enumerate(words):
            self.write(top - (len(words) - place) * WORD, word)
        self.threads[tid] = ReferenceThread(tid, pc, top, arguments)
        return tid

    def run(self) -> None:
        """Let the threads take turns until all have ended."""
        while any(not thread.ended for thread in self.threads.values()):
            for thread in list(self.threads.values()):
                for _ in range(self.quantum):
                    waited = self.threads.get(thread.waits_for)
                    if thread.ended or (waited is not None and not waited.ended):
                        break
                    self.step(thread)

    def step(self, thread: ReferenceThread) -> None:
        """Execute one instruction and write down what it did."""
        instruction = self.image.code[thread.pc]
        index = thread.pc
        thread.pc += 1
        value = self.execute(thread, thread.registers, instruction)
        self.tick += 1
        registers = " ".join(f"{name}={held}" for name, held in thread.registers.items())
        self.lines.append(
            f"{self.tick:8} T{thread.tid} {index * WORD:#06x} {self.image.describe(index):24} "
            f"-> {value} | {registers}"
        )

    def translate(self, address: int, writing: bool) -> int:
        """Return the physical address; a page that is written for the first time gets a frame."""
        page, offset = divmod(address, PAGE)
        if page not in self.page_table:
            if not writing:
                raise KeyError(f"page {page} is not mapped")
            self.page_table[page] = len(self.page_table)
        return self.page_table[page] * PAGE + offset

    def read(self, address: int) -> int:
        """Return the word at a virtual address."""
        return self.memory.get(self.translate(address, writing=False), 0)

    def write(self, address: int, value: int) -> int:
        """Write a word at a virtual address, and return it."""
        self.memory[self.translate(address, writing=True)] = value
        return value

    def execute(  # noqa: C901, PLR0912, PLR0915 - the chain of comparisons is the point
        self, thread: ReferenceThread, r: dict[str, int], instruction: Instruction
    ) -> int:
        """Do what one instruction says; return the value it produced."""
        op, a, b, c = instruction
        value = 0
        if op in {"LI", "LFA"}:
            value = r[REGISTER_NAMES[a]] = b
        elif op == "MOV":
            value = r[REGISTER_NAMES[a]] = r[REGISTER_NAMES[b]]
        elif op == "LOAD":
            value = r[REGISTER_NAMES[a]] = self.read(b)
        elif op == "STORE":
            value = self.write(b, r[REGISTER_NAMES[a]])
        elif op == "LOADF":
            value = r[REGISTER_NAMES[a]] = self.read(r["fp"] + b)
        elif op == "STOREF":
            value = self.write(r["fp"] + b, r[REGISTER_NAMES[a]])
        elif op == "ADD":
            value = r[REGISTER_NAMES[a]] = r[REGISTER_NAMES[b]] + r[REGISTER_NAMES[c]]
        elif op == "SUB":
            value = r[REGISTER_NAMES[a]] = r[REGISTER_NAMES[b]] - r[REGISTER_NAMES[c]]
        elif op == "ADDI":
            value = r[REGISTER_NAMES[a]] = r[REGISTER_NAMES[b]] + c
        elif op == "LT":
            value = r[REGISTER_NAMES[a]] = int(r[REGISTER_NAMES[b]] < r[REGISTER_NAMES[c]])
        elif op == "JMP":
            thread.pc = a
        elif op == "JZ":
            thread.pc = thread.pc if r[REGISTER_NAMES[a]] else b
        elif op == "JNZ":
            thread.pc = b if r[REGISTER_NAMES[a]] else thread.pc
        elif op == "PUSH":
            r["sp"] -= WORD
            value = self.write(r["sp"], r[REGISTER_NAMES[a]])
        elif op == "POP":
            value = r[REGISTER_NAMES[a]] = self.read(r["sp"])
            r["sp"] += WORD
        elif op == "DROP":
            r["sp"] += a
        elif op == "CALL":
            r["sp"] -= WORD
            value = self.write(r["sp"], thread.pc)
            thread.pc = a
        elif op == "RET":
            value = thread.pc = self.read(r["sp"])
            r["sp"] += WORD
        elif op == "ENTER":
            value = self.write(r["sp"] - WORD, r["fp"])
            r["fp"] = r["sp"] - WORD
            r["sp"] = r["fp"] - a
        elif op == "LEAVE":
            r["sp"] = r["fp"] + WORD
            value = r["fp"] = self.read(r["fp"])
        elif op == "SYS":
            value = self.system_call(thread, NAMES[a], b)
        else:
            raise NotImplementedError(f"the counter program does not use {op}")
        return value

    def system_call(self, thread: ReferenceThread, name: str, count: int) -> int:
        """Do what the few system calls of the counter program ask for."""
        r = thread.registers
        if name == "spawn":
            r["r0"] = self.start(r["r0"], tuple(r[f"r{n}"] for n in range(1, count + 1)))
        elif name == "join":
            thread.waits_for = r["r0"]
        elif name == "thread_exit":
            thread.ended = True
        elif name == "exit":
            for other in self.threads.values():
                other.ended = True
        else:
            raise NotImplementedError(f"the counter program does not call {name}")
        return r["r0"]
