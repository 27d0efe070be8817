"""People of other companies in a shared channel: they may read there, and command nothing."""

from pathlib import Path

from tests.stories.rig import story


async def test_the_admin_of_another_workspace_in_a_shared_channel_is_told_no_and_changes_nothing(
    db_url: str, tmp_path: Path
) -> None:
    async with story(tmp_path, db_url, "slack", "http") as it:
        await it.opens()
        await it.adds()
        people = it.slack
        assert people is not None
        theirs, ours = (people.slack.user(name, admin=True) for name in ("Theirs", "Ours"))
        people.slack.users[theirs].team = "T0OTHER"
        people.slack.channels[people.channel].members += [theirs, ours]
        before = it.cards()
        for line in ("load 1234 status", "load 1234 cancel", "person Theirs allow admin"):
            answer = await people.slack.mention(line, user=theirs, channel=people.channel)
            assert "so nothing was looked up and nothing was changed" in answer.text
        async with it.house.app.database.work("home", it.now) as work:
            assert len(await work.loads.open_ids()) == 1
        assert it.cards() == before
        mine = await people.slack.mention("load 1234 cancel", user=ours, channel=people.channel)
        assert "cancel" in mine.text, mine.text
        async with it.house.app.database.work("home", it.now) as work:
            assert await work.loads.open_ids() == []
        await it.checked()
