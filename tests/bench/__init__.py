"""Measurements, never tests: `make bench`. Every figure is taken beside another one in the same run."""
