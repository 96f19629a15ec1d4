"""The project's own commands: they set up .venv, run, test, check and measure."""
