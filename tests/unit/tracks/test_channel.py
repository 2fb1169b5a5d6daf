"""Channels by themselves, and what JavaScript makes of them."""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.tracks import Channel
from tests.node import FLAGS, find_node

MODULE = Path(__file__).parents[3] / "kit" / "widgets" / "static" / "channels.js"
# Reads channels and ticks from its input, and writes what each channel is at each tick.
SCRIPT = f"""
import {{ decode }} from {json.dumps(MODULE.as_uri())};
import {{ readFileSync }} from "node:fs";
const {{ header, data, ticks }} = JSON.parse(readFileSync(0, "utf8"));
const bytes = Buffer.from(data, "base64");
const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const channels = decode(header, view);
const plain = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);
console.log(JSON.stringify(ticks.map((tick) => channels.map((channel) => {{
    channel.seek(tick, false);
    return Array.from(channel.value(), plain);
}}))));
"""


@st.composite
def channels(draw):
    """A channel of numbers or texts with some changes to each of its elements."""
    kind = draw(st.sampled_from(["texts", "numbers", "rows"]))
    numbers = st.integers(-1000, 1000).map(lambda n: n / 4)
    value = {
        "texts": st.text(max_size=5),
        "numbers": st.tuples(numbers),
        "rows": st.tuples(numbers, numbers),
    }[kind]
    spread = (0, 1, 1, 0) if kind == "rows" else None
    before = draw(st.lists(value, min_size=1, max_size=4))
    channel = Channel("mark", "trait", before, spread, steady=draw(st.booleans()))
    for element in range(len(before)):
        for tick in sorted(draw(st.lists(st.integers(0, 100), max_size=10))):
            # A glide of up to one tick is never under way at a whole tick.
            glide = 0.0 if kind == "texts" else draw(st.integers(0, 4)) / 4
            channel.add(element, tick, draw(value), glide)
    return channel


def test_browser_reads_what_python_wrote():
    """At random whole ticks in random order, the decoded channels are what `at` says."""
    node = find_node()
    assert node
    found = []

    @given(st.lists(channels(), min_size=1, max_size=3), st.lists(st.integers(0, 110), min_size=1))
    def collect(several, ticks):
        found.append((several, ticks))

    collect()
    several = [channel for group, _ in found for channel in group]
    ticks = [tick for _, group in found for tick in group][:100]
    descriptions, data = [], b""
    for channel in several:
        description, arrays = channel.packed()
        descriptions.append(description | {"target": 0})
        data += b"".join(arrays)
    message = {
        "header": {"channels": descriptions},
        "data": base64.b64encode(data).decode(),
        "ticks": ticks,
    }
    done = subprocess.run(
        [node, *FLAGS, "--input-type=module", "--eval", SCRIPT],
        input=json.dumps(message),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for tick, decoded in zip(ticks, json.loads(done.stdout), strict=True):
        for channel, values in zip(several, decoded, strict=True):
            assert values == channel.trait_at(tick), (tick, channel.keys)


def test_glide_never_starts_before_the_previous_change():
    """A glide that is longer than the time since the last change begins at that change."""
    channel = Channel("mark", "x", [(0.0,)])
    channel.add(0, 4, (1.0,), glide=9.0)
    channel.add(0, 6, (2.0,), glide=9.0)
    assert channel.keys[0][1:] == [(4.0, (1.0,), 4.0), (6.0, (2.0,), 2.0)]


def test_second_change_at_a_tick_replaces_the_first():
    """Of two changes at one tick the last one counts, and a change back is none."""
    channel = Channel("mark", "x", [(0.0,)])
    channel.add(0, 4, (1.0,))
    channel.add(0, 4, (2.0,))
    assert channel.at(4) == [(2.0,)]
    channel.add(0, 4, (0.0,))
    assert channel.changes == 0


@pytest.mark.parametrize("tick", [0, 3, 4, 9])
def test_at_holds_until_the_next_change(tick):
    """A value holds from its tick on."""
    channel = Channel("mark", "text", ["before"])
    channel.add(0, 4, "after")
    assert channel.at(tick) == ["before" if tick < 4 else "after"]


def test_what_was_to_come_can_be_forgotten():
    """A change that was planned for later gives way to one that comes earlier."""
    channel = Channel("mark", "x", [(0.0,)])
    channel.add(0, 4, (1.0,))
    channel.add(0, 7, (0.0,), glide=3.0)
    channel.forget(0, 5)
    channel.add(0, 5, (2.0,))
    assert [key[:2] for key in channel.keys[0]] == [(-1.0, (0.0,)), (4.0, (1.0,)), (5.0, (2.0,))]
