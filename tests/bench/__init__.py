"""Benchmarks of the report as PDF beside what one would pick instead: python -m tests.bench."""
