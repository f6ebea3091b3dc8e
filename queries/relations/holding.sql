-- makes: Who holds what, one primary post a person at a time: of several that overlap, the one taken last counts.
-- reads: posting
-- scope: build
-- grain: person_id, unit_id, post, start_date, start_month
-- person: person_id
-- columns:
--   person_id        VARCHAR  who
--   unit_id          VARCHAR  where
--   post             VARCHAR  title of the post
--   role             VARCHAR  role in the team
--   level            VARCHAR  post level
--   rank             VARCHAR  civil-service rank
--   start_date       INTEGER  appointed, YYYYMMDD with zeros for unknown parts
--   start_month      INTEGER  first month this row counts, YYYYMM
--   end_month        INTEGER  first month it no longer counts, YYYYMM; 999912 while open
--   end_reason       VARCHAR  why it ended
--   is_primary       BOOLEAN  the person's primary post
--   counted          BOOLEAN  counts against approved posts
--   exchange_kind    VARCHAR  how the person came to the post
--   exchange_reason  VARCHAR  why
--   programme_id     VARCHAR  programme the posting belongs to; null for none
--   duty             VARCHAR  duty of the post, where a rule asks for it
with spell as (
    select * from posting where end_month > start_month
),
primary_spell as (
    select
        *,
        max(end_month) over (
            partition by person_id order by start_month, start_date, unit_id, post
            rows between unbounded preceding and 1 preceding
        ) as held_until
    from spell
    where is_primary
),
tangled as (
    select distinct person_id from primary_spell where held_until > start_month
),
cut as (
    select person_id, start_month as cut_month from primary_spell where person_id in (select person_id from tangled)
    union
    select person_id, end_month from primary_spell where person_id in (select person_id from tangled)
),
piece as (
    select person_id, cut_month as start_month, lead(cut_month) over (partition by person_id order by cut_month) as end_month
    from cut
),
claim as (
    select
        held.person_id, held.unit_id, held.post, held.role, held.level, held.rank, held.start_date,
        piece.start_month, piece.end_month,
        case when piece.end_month = held.end_month then held.end_reason end as end_reason,
        held.is_primary, held.counted,
        held.exchange_kind, held.exchange_reason, held.programme_id, held.duty,
        row_number() over (
            partition by piece.person_id, piece.start_month
            order by held.start_month desc, held.start_date desc, held.unit_id desc, held.post desc
        ) as place
    from piece
    inner join primary_spell as held
        on piece.person_id = held.person_id
        and held.start_month <= piece.start_month
        and held.end_month >= piece.end_month
)
select
    person_id, unit_id, post, role, level, rank, start_date, start_month, end_month, end_reason, is_primary, counted,
    exchange_kind, exchange_reason, programme_id, duty
from primary_spell
where person_id not in (select person_id from tangled)
union all
select
    person_id, unit_id, post, role, level, rank, start_date, start_month, end_month, end_reason, is_primary, counted,
    exchange_kind, exchange_reason, programme_id, duty
from claim
where place = 1
union all
select
    person_id, unit_id, post, role, level, rank, start_date, start_month, end_month, end_reason, is_primary, counted,
    exchange_kind, exchange_reason, programme_id, duty
from spell
where not is_primary
