"""Whatever somebody does about their own sign-in, the table is asked; errors tell no secret."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from drafter.core.errors import DrafterError, NotAllowed
from drafter.services import authority, factors, seating, signing_in
from drafter.services.authority import OPERATOR
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn, Unproven
from tests.services.people import ADA, Clock, with_app
from tests.services.signing_in.acts import OWN, SETS_UP


@pytest.mark.parametrize("name", sorted(OWN))
def test_each_asks_the_table_first(
    instance: Instance, ada: SignedIn, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(authority, "TABLE", MappingProxyType({}))
    with pytest.raises(NotAllowed, match="own sign-in"):
        OWN[name](instance, ada)


@pytest.mark.parametrize("name", sorted(SETS_UP))
@pytest.mark.parametrize("minutes", [15, 16])
def test_an_open_device_lets_nobody_in_for_long(
    instance: Instance, ada: SignedIn, clock: Clock, name: str, minutes: int
) -> None:
    clock.pass_time(minutes=minutes)
    caught: DrafterError | None = None
    try:
        SETS_UP[name](instance, ada)
    except DrafterError as error:
        caught = error  # within the time it may be that what was sent is not right otherwise
    assert isinstance(caught, Unproven) is (minutes > 15)


def test_whoever_lacks_the_second_factor_sets_it_up_however_long_it_takes(
    instance: Instance, ben: SignedIn, clock: Clock
) -> None:
    clock.pass_time(minutes=20)
    done, _ = with_app(instance, ben, clock)
    assert not done.signed.second_due
    with pytest.raises(Unproven):
        factors.new_codes(instance, done.signed)


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
