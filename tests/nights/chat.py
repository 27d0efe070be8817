"""A door that shows whatever the bot says, and keeps how it read before."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.delivery import Outcome, Sent
from bot.domain.route import Place
from handlers.console import plain
from handlers.reply import Reply


@dataclass
class Post:
    """A message of the bot: every text it had, and what it stands under ('' for a card)."""

    place: Place
    texts: list[str]
    under: str = ""


@dataclass
class Chat:
    """A door that shows everything; `shown` in the order in which it came."""

    posts: list[Post] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    async def post(self, place: Place, reply: Reply, *, thread: str = "", broadcast: bool = False) -> Outcome:
        self.posts.append(Post(place, [plain(reply)], thread))
        self.shown.append(plain(reply))
        return Sent(str(len(self.posts) - 1))

    async def edit(self, place: Place, ref: str, reply: Reply) -> Outcome:
        self.posts[int(ref)].texts.append(plain(reply))
        self.shown.append(plain(reply))
        return Sent(ref)

    def pace(self, place: Place) -> timedelta:
        return timedelta()
