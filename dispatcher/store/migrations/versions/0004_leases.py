"""numbers that dispensers hold to issue off line"""

from alembic import op
import sqlalchemy as sa
import dispatcher.store.columns


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('lease',
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('day', dispatcher.store.columns.Day(length=10), nullable=False),
    sa.Column('series', sa.String(length=2), nullable=False),
    sa.Column('first', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.Column('kiosk', sa.String(length=64), nullable=False),
    sa.Column('granted_at', dispatcher.store.columns.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('site', 'day', 'series', 'first')
    )


def downgrade() -> None:
    op.drop_table('lease')
