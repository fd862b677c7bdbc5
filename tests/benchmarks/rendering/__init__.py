"""How fast figures become images: ours, kaleido, and what is possible, interleaved in one run."""
