"""`python -m longshore.cli`, how `longshore up` starts its parts."""

from longshore.cli.main import run

run()
