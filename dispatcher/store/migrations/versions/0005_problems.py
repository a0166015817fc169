"""problems of devices, and the mails about them"""

from alembic import op
import sqlalchemy as sa
import dispatcher.store.columns


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('problem',
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('since', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('mailed_at', dispatcher.store.columns.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('site', 'device', 'code')
    )
    op.create_table('problem_mail',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('since', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('ended', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('written_at', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_try', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('claimed_until', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('sent_at', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('failed', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('problem_mail', schema=None) as batch_op:
        batch_op.create_index('problem_mail_pending', ['site', 'next_try'], unique=False, sqlite_where=sa.text('next_try IS NOT NULL'), postgresql_where=sa.text('next_try IS NOT NULL'))


def downgrade() -> None:
    with op.batch_alter_table('problem_mail', schema=None) as batch_op:
        batch_op.drop_index('problem_mail_pending', sqlite_where=sa.text('next_try IS NOT NULL'), postgresql_where=sa.text('next_try IS NOT NULL'))

    op.drop_table('problem_mail')
    op.drop_table('problem')
