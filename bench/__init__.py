"""Benchmarks: ours beside a bare baseline and a peer in the same run, as ratios. Never timed tests."""
