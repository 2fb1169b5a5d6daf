"""Memory laid out: the disk, address spaces, frames, heaps."""
