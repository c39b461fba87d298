"""What each attempt asked for, where it failed and what it left; restarts of executions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.add_column('attempts', sa.Column('asked', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('executions', sa.Column('restarts', sa.BigInteger(), server_default=sa.text('0'), nullable=False))
    op.add_column('executions', sa.Column('changes', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.add_column('jobs', sa.Column('avoided', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False))
    op.add_column('jobs', sa.Column('checkpoint', postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    # one cause became two: which of them, the code of the end tells
    for table, code in (('jobs', 'note_code'), ('attempts', 'code')):
        op.execute(
            f"UPDATE {table} SET cause = CASE {code} WHEN 'out_of_memory' THEN 'memory' ELSE 'time' END"
            " WHERE cause = 'limit'"
        )
