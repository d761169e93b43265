# Made by client/generate.py from the OpenAPI document.
"""What the token of a call may do, what is used of it, and its replacement."""

from __future__ import annotations

from kdweb_client.calling import Calls, address
from kdweb_client.schemas.tokens import Token, TokenReplaced


class TokensCalls(Calls):
    """What the token of a call may do, what is used of it, and its replacement."""

    def own_token(self) -> Token:
        """The token of this call.

        Whatever its scopes. `month` has what is used of its quota.
        """
        return self._object(Token, "GET", address("token"))

    def replace_own_token(self, *, hours: int = 24, idempotency_key: str | None = None) -> TokenReplaced:
        """Replace the token of this call.

        The answer holds the new secret this one time; name, scopes, usage and quota stay. Refused (409) where the
        call came with a secret that was replaced already: only the present one can be replaced.

        `hours`: For so many hours the secret of before counts too; 0: it opens nothing any more at once.
        `idempotency_key`: A name for this request; one is made up where none is given.
        """
        return self._object(
            TokenReplaced, "POST", address("token", "replace"), body={"hours": hours}, key=idempotency_key
        )
