"""The REST API of the simulated shop: routes, parameters, answers."""
