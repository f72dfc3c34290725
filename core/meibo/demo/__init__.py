"""Synthetic holders for demonstrations, tests and benchmarks: nobody that exists."""
