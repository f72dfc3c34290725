"""The parts of a run; each fills in what the samples lack of it."""
