"""``python -m api`` and the command ``verbund``."""

from api.cli import main

if __name__ == "__main__":
    main()
