"""What the start of the web tells the operator: the address, and how the first account is made where there is none."""

from django.core.management.base import OutputWrapper
from django.db import connection

from extraction.services.operation import first_account

EMPTY = """\
There is no account yet: open the address in a browser on this machine, and the first page makes one.
From another machine the page asks for this code: {code}"""


def show(output: OutputWrapper, url: str) -> None:
    output.write(lines(url))
    # The processes that are started next must not share it.
    connection.close()


def lines(url: str) -> str:
    """The address first; on an empty installation also a new code for browsers of other machines."""
    if not first_account.needed():
        first_account.forget_code()
        return url
    return f"{url}\n{EMPTY.format(code=first_account.new_code())}"
