"""What a run costs beside its floor and beside other tools: `make bench EVENTS=1000000,10000000`.

The floor is what DuckDB needs to scan the same rows and sort them by customer and time, with every
column carried along. Floor, run, questions and peers follow one another in one call, each in a
process of its own; seconds are by the clock and of the processors, peak memory is the operating
system's figure for that process, spill is what lay on the disk at the most.
"""
