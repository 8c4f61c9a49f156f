"""The parts of the command line that `bot.__main__` puts together."""
