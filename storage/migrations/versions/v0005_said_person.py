"""Words keep the id of the person who said them: two people may bear one name, and a name may change."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.words import column

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

#: The lowest hand that is a person's: files and feeds are below.
_DRIVER = 2


def upgrade() -> None:
    """Adds the id; what was said before is the one person's who bears the name that was kept."""
    op.add_column("said", column("person?"))
    said = sa.table("said", *map(sa.column, ("carrier", "who", "hand", "person")))
    person = sa.table("person", *map(sa.column, ("id", "carrier", "name")))
    same = sa.and_(person.c.carrier == said.c.carrier, person.c.name == said.c.who)
    one = sa.select(sa.func.min(person.c.id)).where(same).having(sa.func.count() == 1)
    op.execute(said.update().where(said.c.hand >= _DRIVER).values(person=one.scalar_subquery()))


def downgrade() -> None:
    """Takes the id away."""
    op.drop_column("said", "person")
