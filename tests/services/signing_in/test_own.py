"""Whatever somebody does about their own sign-in, the table is asked; errors tell no secret."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from drafter.core.errors import DrafterError, NotAllowed
from drafter.services import authority, seating, signing_in
from drafter.services.authority import OPERATOR
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn
from tests.services.people import ADA
from tests.services.signing_in.acts import OWN


@pytest.mark.parametrize("name", sorted(OWN))
def test_each_asks_the_table_first(
    instance: Instance, ada: SignedIn, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(authority, "TABLE", MappingProxyType({}))
    with pytest.raises(NotAllowed, match="own sign-in"):
        OWN[name](instance, ada)


def test_errors_here_hold_no_address_and_no_secret(instance: Instance, ada: SignedIn) -> None:
    for act in (
        lambda: seating.seat_person(instance, OPERATOR, 2, ADA),
        lambda: signing_in.mint_link_for(instance, OPERATOR, "stranger@example.org"),
        lambda: signing_in.redeem(instance, ada.token),
    ):
        with pytest.raises(DrafterError) as caught:
            act()
        said = f"{caught.value} {caught.value.data}"
        assert "@example.org" not in said
        assert ada.token not in said
