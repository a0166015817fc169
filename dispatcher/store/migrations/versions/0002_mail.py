"""mails about appointments, waiting and sent"""

from alembic import op
import sqlalchemy as sa
import dispatcher.store.columns


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('ticket', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('service', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=12), nullable=False),
    sa.Column('start', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('before', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('written_at', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('claimed_until', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('sent_at', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('failed', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index('mail_pending', ['site', 'next_try'], unique=False, sqlite_where=sa.text('next_try IS NOT NULL'), postgresql_where=sa.text('next_try IS NOT NULL'))
        batch_op.create_index('mail_start', ['site', 'start'], unique=False)
        batch_op.create_index('mail_ticket', ['ticket'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index('mail_ticket')
        batch_op.drop_index('mail_start')
        batch_op.drop_index('mail_pending', sqlite_where=sa.text('next_try IS NOT NULL'), postgresql_where=sa.text('next_try IS NOT NULL'))

    op.drop_table('mail')
