"""learn_how_long_jobs_are_handled"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'


def upgrade() -> None:
    op.add_column('observations', sa.Column('handled_s', sa.Double(), nullable=True))
