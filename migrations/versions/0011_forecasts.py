"""forecasts_of_jobs_lost_jobs_reasons_of_choices"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.create_table('forecasts',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('job_id', sa.Text(), nullable=False),
    sa.Column('execution_id', sa.Text(), nullable=False),
    sa.Column('user_id', sa.Text(), nullable=False),
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('project_id', sa.Text(), nullable=True),
    sa.Column('workflow_id', sa.Text(), nullable=False),
    sa.Column('step', sa.Text(), nullable=False),
    sa.Column('jobs', sa.BigInteger(), nullable=False),
    sa.Column('cluster_id', sa.Text(), nullable=False),
    sa.Column('cluster', sa.Text(), nullable=False),
    sa.Column('queue', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('predicted', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('moved_from', sa.Text(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('heroes_now()'), nullable=False),
    sa.Column('organization_id', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['organization_id'], ['organizations.id'], name=op.f('fk_forecasts_organization_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forecasts')),
    sa.UniqueConstraint('job_id', name=op.f('uq_forecasts_job_id'))
    )
    op.create_index('ix_forecasts_execution_id', 'forecasts', ['execution_id'], unique=False)
    op.create_index('ix_forecasts_newest', 'forecasts', ['organization_id', 'id'], unique=False)
    op.create_index(op.f('ix_forecasts_organization_id'), 'forecasts', ['organization_id'], unique=False)
    op.add_column('decisions', sa.Column('because', sa.Text(), nullable=True))
    op.add_column('observations', sa.Column('lost', sa.Boolean(), server_default=sa.text('false'), nullable=False))
