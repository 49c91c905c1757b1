"""What we need remembered, by subject. Each ledger's writes of one call commit together, with the
jobs they cause; storage implements them.
"""
