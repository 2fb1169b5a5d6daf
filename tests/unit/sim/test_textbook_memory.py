"""Free lists and page replacement do what the textbook's simulators print."""

from typing import Any

import pytest

from kit import FreeList, HeapPolicy, replace_pages
from tests.textbook import CASES

ORDERS = {
    "ADDRSORT": "address",
    "SIZESORT+": "size+",
    "SIZESORT-": "size-",
    "INSERT-FRONT": "front",
    "INSERT-BACK": "back",
}


@pytest.mark.parametrize("case", CASES["free_list"])
def test_free_list(case: dict[str, Any]):
    """Every address, every search and every free list is the textbook's."""
    policy = HeapPolicy(
        case["policy"].lower(), ORDERS[case["list_order"]], case["coalesce"], case["header"]
    )
    heap = FreeList(case["base"], case["heap"], policy)
    pointers = {}
    for step in case["steps"]:
        if step["op"] == "alloc":
            address, searched = heap.allocate(step["size"])
            pointers[step["ptr"]] = address
            # The simulator adds the header to the -1 by which it says that there is no room.
            none = -1 + case["header"]
            assert (none if address is None else address) == step["returned"]
            assert searched == step["searched"]
        else:
            heap.release(pointers[step["ptr"]])
        assert heap.free == [tuple(block) for block in step["free_list"]]


@pytest.mark.parametrize("case", CASES["page_replacement"])
def test_page_replacement(case: dict[str, Any]):
    """Every hit and miss is the textbook's."""
    found = replace_pages(case["references"], case["frames"], case["policy"].lower())
    assert ["HIT" if step.hit else "MISS" for step in found.steps] == case["outcome"]
    assert (found.hits, found.misses) == (case["hits"], case["misses"])
