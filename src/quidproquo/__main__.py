"""`python -m quidproquo` is the command `qpq`."""

from quidproquo.cli import main

if __name__ == "__main__":
    main()
