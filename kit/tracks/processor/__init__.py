"""The CPU laid out: cores, queues, context switches."""
