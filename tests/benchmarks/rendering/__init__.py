"""How fast figures become images: ours over HTTP against the limit, and against kaleido.

``python -m tests.benchmarks.rendering`` measures and prints the tables that the README shows.
"""
