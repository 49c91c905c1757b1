"""The write side: what use cases remember, as the ledgers of `ports.ledger` ask for it."""
