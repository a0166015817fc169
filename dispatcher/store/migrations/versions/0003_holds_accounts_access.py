"""holds, accounts, consent, who looked at what"""

from alembic import op
import sqlalchemy as sa
import dispatcher.store.columns
from dispatcher.store.bookings import sought


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('access',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('at', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('actor', sa.String(length=64), nullable=False),
    sa.Column('what', sa.String(length=24), nullable=False),
    sa.Column('ticket', sa.String(length=36), nullable=True),
    sa.Column('account', sa.String(length=36), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('access', schema=None) as batch_op:
        batch_op.create_index('access_at', ['site', 'at'], unique=False)

    op.create_table('account',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=True),
    sa.Column('subject', sa.String(length=200), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=32), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('password', sa.String(length=200), nullable=True),
    sa.Column('created_at', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('confirmed_at', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('seen_at', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('sessions_from', dispatcher.store.columns.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('site', 'email'),
    sa.UniqueConstraint('site', 'subject')
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index('account_seen', ['site', 'seen_at'], unique=False)

    op.create_table('account_link',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('expires', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('used_at', dispatcher.store.columns.Instant(), nullable=True),
    sa.Column('begun', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('account_link', schema=None) as batch_op:
        batch_op.create_index('account_link_account', ['account'], unique=False)

    op.create_table('account_mail',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=36), nullable=False),
    sa.Column('link', sa.String(length=36), nullable=True),
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
    with op.batch_alter_table('account_mail', schema=None) as batch_op:
        batch_op.create_index('account_mail_account', ['account'], unique=False)
        batch_op.create_index('account_mail_pending', ['site', 'next_try'], unique=False, sqlite_where=sa.text('next_try IS NOT NULL'), postgresql_where=sa.text('next_try IS NOT NULL'))

    op.create_table('hold',
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('holder', sa.String(length=64), nullable=False),
    sa.Column('service', sa.String(length=64), nullable=False),
    sa.Column('start', dispatcher.store.columns.Instant(), nullable=False),
    sa.Column('until', dispatcher.store.columns.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('site', 'holder')
    )
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.create_index('hold_slot', ['site', 'service', 'start'], unique=False)
        batch_op.create_index('hold_until', ['site', 'until'], unique=False)

    op.create_table('privacy_notice',
    sa.Column('site', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=16), nullable=False),
    sa.Column('text', sa.JSON(), nullable=False),
    sa.Column('since', dispatcher.store.columns.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('site', 'digest')
    )
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.add_column(sa.Column('consent_notice', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('consent_by', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('account', sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column('platform', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('meeting', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('day', dispatcher.store.columns.Day(length=10), nullable=True))
        batch_op.add_column(sa.Column('sought', sa.Text(), server_default='', nullable=False))
        batch_op.create_index('booking_account', ['account'], unique=False)
        batch_op.create_index('booking_day', ['site', 'day'], unique=False)

    op.execute('UPDATE booking SET day = (SELECT ticket.day FROM ticket WHERE ticket.id = booking.ticket)')
    connection = op.get_bind()
    booking = sa.table('booking', sa.column('ticket'), sa.column('name'), sa.column('sought'))
    for ticket, name in connection.execute(sa.select(booking.c.ticket, booking.c.name)).all():
        connection.execute(sa.update(booking).where(booking.c.ticket == ticket).values(sought=sought(name)))


def downgrade() -> None:
    with op.batch_alter_table('booking', schema=None) as batch_op:
        batch_op.drop_index('booking_day')
        batch_op.drop_index('booking_account')
        batch_op.drop_column('day')
        batch_op.drop_column('sought')
        batch_op.drop_column('meeting')
        batch_op.drop_column('platform')
        batch_op.drop_column('account')
        batch_op.drop_column('consent_by')
        batch_op.drop_column('consent_notice')

    op.drop_table('privacy_notice')
    with op.batch_alter_table('hold', schema=None) as batch_op:
        batch_op.drop_index('hold_until')
        batch_op.drop_index('hold_slot')

    op.drop_table('hold')
    with op.batch_alter_table('account_mail', schema=None) as batch_op:
        batch_op.drop_index('account_mail_account')
        batch_op.drop_index('account_mail_pending', sqlite_where=sa.text('next_try IS NOT NULL'), postgresql_where=sa.text('next_try IS NOT NULL'))

    op.drop_table('account_mail')
    with op.batch_alter_table('account_link', schema=None) as batch_op:
        batch_op.drop_index('account_link_account')

    op.drop_table('account_link')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index('account_seen')

    op.drop_table('account')
    with op.batch_alter_table('access', schema=None) as batch_op:
        batch_op.drop_index('access_at')

    op.drop_table('access')
