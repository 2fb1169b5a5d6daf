"""Where the nodes of a graph are drawn: in layers by steps, with few lines that cross."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

SWEEPS = 12
"""How often the layers are put in order by their neighbours, there and back."""

Layers = list[list[int]]


def layered(following: Sequence[Sequence[int]]) -> list[tuple[int, float]]:
    """Return for each node its layer and how far it is from the middle of that layer.

    The layer is the least number of steps from node 0. Within a layer each node comes near to
    the middle of its neighbours in the layer before or after (Sugiyama, Tagawa and Toda 1981).

    Parameters
    ----------
    following : sequence of sequence of int
        For each node those that one step leads to. All can be reached from node 0.

    Returns
    -------
    list of (int, float)
        Layers from 0 on; neighbours within a layer are 1 apart.
    """
    layers = _by_steps(following)
    depth = {node: number for number, layer in enumerate(layers) for node in layer}
    after = [
        [target for target in dict.fromkeys(targets) if depth[target] == depth[node] + 1]
        for node, targets in enumerate(following)
    ]
    before: list[list[int]] = [[] for _ in following]
    for node, targets in enumerate(after):
        for target in targets:
            before[target].append(node)
    best, fewest = layers, _crossings(layers, after)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        layers = _swept(layers, before if forwards else after, forwards=forwards)
        crossings = _crossings(layers, after)
        if crossings < fewest:
            best, fewest = layers, crossings
    places = [(0, 0.0)] * len(following)
    for number, layer in enumerate(best):
        for place, node in enumerate(layer):
            places[node] = number, place - (len(layer) - 1) / 2
    return places


def _by_steps(following: Sequence[Sequence[int]]) -> Layers:
    found = {0}
    layers = [[0]]
    while layers[-1]:
        fresh = [t for node in layers[-1] for t in following[node] if t not in found]
        layers.append(list(dict.fromkeys(fresh)))
        found.update(fresh)
    return layers[:-1]


def _swept(layers: Layers, neighbours: list[list[int]], *, forwards: bool) -> Layers:
    """Return the layers with each put in order by the one before it, or after it."""
    ordered: Layers = []
    place: dict[int, float] = {}
    for layer in layers if forwards else reversed(layers):
        middle = {
            node: sum(place[one] for one in neighbours[node]) / len(neighbours[node])
            if neighbours[node]
            else number - (len(layer) - 1) / 2
            for number, node in enumerate(layer)
        }
        row = sorted(layer, key=middle.__getitem__)
        place |= {node: number - (len(row) - 1) / 2 for number, node in enumerate(row)}
        ordered.append(row)
    return ordered if forwards else ordered[::-1]


def _crossings(layers: Layers, after: list[list[int]]) -> int:
    """Return how many pairs of steps between neighbouring layers cross."""
    total = 0
    for layer, following in pairwise(layers):
        place = {node: number for number, node in enumerate(following)}
        ends = [sorted(place[target] for target in after[node]) for node in layer]
        seen: list[int] = []
        for row in ends:
            total += sum(end < earlier for end in row for earlier in seen)
            seen += row
    return total
