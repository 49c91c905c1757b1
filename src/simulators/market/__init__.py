"""People around the simulated shops: buyers, vendors, and an auditor who compares both sides.
Nothing here knows the hub; it sees what anybody outside would see.
"""
