"""The relay's door: one process that rings, sweeps and keeps the schedules."""
