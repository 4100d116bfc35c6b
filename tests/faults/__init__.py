"""The site under faults: killed, cut off from power, without room, with a wrong clock, without its database.

People work on it all the while, and write down what they were answered. After each fault the site starts
again, and every answered write is looked up: `make torture` at length, test_faults.py in short.
"""
