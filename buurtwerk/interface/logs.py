"""What people wrote stays out of the logs."""

import logging
import re

# PostgreSQL explains a refused row by printing it. The explanation lasts until the next exception of the chain.
EXPLANATION = re.compile(r"^DETAIL:.*?(?=\n\n(?:The above exception|During handling)|\Z)", re.DOTALL | re.MULTILINE)


class WithoutRows(logging.Formatter):
    """Keeps where something went wrong, and cuts the row that it went wrong with."""

    def format(self, record):
        return EXPLANATION.sub("DETAIL: left out", super().format(record))
