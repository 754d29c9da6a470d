"""`python -m opdanalysis.explorer`: the explorer in a browser."""

import sys

from opdanalysis.errors import OpdError
from opdanalysis.explorer.serve import serve

if __name__ == "__main__":
    try:
        serve()
    except OpdError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
