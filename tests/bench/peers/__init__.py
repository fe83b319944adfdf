"""The same work with what else could be picked: one file per tool, each in a process of its own.

Sessions at a gap of 30 minutes; moves from each event of a customer to the next, with distinct
customers and median seconds; a funnel of three steps; the hundred most frequent paths. Each file
has `work(log, watch)`, which returns its counts; what a tool does not have, it leaves out. None of
them is imported by the package: some have licences of their own.
"""
