"""How far a set-up has come is remembered for each server; a campaign that is chosen takes the place of the former."""

import itertools

import pytest

from bot.domain.problems import BadInput
from bot.domain.setup_steps import SETUP_STEPS, SetupStep, known_step
from bot.services import campaign, guilds, onboarding
from bot.services.context import Context

HERE, THERE = 71, 72


async def test_it_goes_on_where_this_server_left_off(context: Context) -> None:
    assert await onboarding.left_off(context, HERE) is None
    await onboarding.note_step(context, HERE, SetupStep.QUIET)
    await onboarding.note_step(context, HERE, SetupStep.POST)
    await onboarding.note_step(context, THERE, SetupStep.ROLES)
    assert await onboarding.left_off(context, HERE) is SetupStep.POST
    await onboarding.finish(context, HERE)
    assert await onboarding.left_off(context, HERE) is None
    assert await onboarding.left_off(context, THERE) is SetupStep.ROLES


async def test_a_campaign_takes_the_place_of_the_former(context: Context) -> None:
    names = {one.name: one for one in onboarding.campaigns()}
    assert {"operation_protect", "library_hours"} <= set(names)
    await onboarding.take_campaign(context, HERE, "operation_protect")
    before = {one.key for one in await campaign.list_demands(context, HERE)}
    count, stayed = await onboarding.take_campaign(context, HERE, "library_hours")
    after = {one.key for one in await campaign.list_demands(context, HERE)}
    assert len(after) == names["library_hours"].demands
    assert not before & after
    assert count >= len(after)
    assert stayed == 0
    assert (await guilds.get(context, HERE)).campaign == "library_hours"
    with pytest.raises(BadInput):
        await onboarding.take_campaign(context, HERE, "../etc")
    assert (await guilds.get(context, HERE)).campaign == "library_hours"


async def test_a_zone_is_found_by_any_of_its_names(context: Context) -> None:
    assert await onboarding.choose_zone(context, HERE, "dublin") == "Europe/Dublin"
    assert (await guilds.get(context, HERE)).zone == "Europe/Dublin"
    with pytest.raises(BadInput):
        await onboarding.choose_zone(context, HERE, "Atlantis")
    assert (await guilds.get(context, HERE)).zone == "Europe/Dublin"


def test_the_steps_follow_each_other_both_ways() -> None:
    assert [step.number for step in SETUP_STEPS] == list(range(1, 9))
    for step, following in itertools.pairwise(SETUP_STEPS):
        assert step.following is following
        assert following.previous is step
    assert SETUP_STEPS[0].previous is SETUP_STEPS[-1].following is None
    assert known_step("a step of an older version") is None
