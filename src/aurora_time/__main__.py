"""``python -m aurora_time`` is ``aurora``."""

from aurora_time.run.cli import main

if __name__ == "__main__":
    main()
